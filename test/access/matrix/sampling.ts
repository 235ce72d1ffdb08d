import type { Door } from '../../../src/http/door.ts';
import { holdsMessages, isThread } from '../../../src/sandbox/channels.ts';
import { doorKey, type Question, refusalAt } from './question.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';

/** Whoever is turned away is so before anybody looks at the object; a token shows what its user's session shows. */
const ALIKE_EVERY = 10;
/** `nobody` stands for all who are turned away, and so asks about more. */
const TURNED_AWAY_EVERY = 4;
/** Who manages nothing meets at all doors that change something the same two refusals, by what GET doors show them. */
const REFUSED_EVERY = 3;
/** Objects of one kind are asked about by turns: each viewer asks about every third of them, and at least about one … */
const OF_KIND_EVERY = 3;
/** … and at doors that change something, where most of the work is to undo it, about one. */
const ALL_OF_KIND = Number.POSITIVE_INFINITY;

/** The doors where each viewer asks about every object; to the others the same sight decides. */
const mainDoors = new Set(['GET /api/channels/:id', 'GET /api/runs/:id']);

/**
 * Which of a door's questions a viewer is asked: all, unless others stand for them. Each object is asked about by some
 * viewer at every door, each viewer asks about every kind of object at every door, and about every object at the main ones.
 */
export function sample(stage: Stage, door: Door, viewer: Viewer, questions: readonly Question[]): Question[] {
  const everyNth = (every: number, turn = 0) =>
    questions.filter((_, place) => place % every === turn || questions.length < ALIKE_EVERY);
  const turn = stage.viewers.indexOf(viewer);
  if (viewer.isAlike) return everyNth(ALIKE_EVERY);
  if (refusalAt(door, viewer)) return everyNth(viewer.by === 'nothing' ? TURNED_AWAY_EVERY : ALIKE_EVERY);
  if (viewer.by === 'token') return everyNth(door.method === 'GET' ? ALIKE_EVERY : REFUSED_EVERY);
  if (door.method !== 'GET' && !managesAny(stage, viewer)) {
    return everyNth(REFUSED_EVERY, turn % REFUSED_EVERY);
  }
  if (mainDoors.has(doorKey(door))) return [...questions];
  return someOfEachKind(questions, turn, door.method === 'GET' ? OF_KIND_EVERY : ALL_OF_KIND);
}

/** Channels of a guild that the same viewers see, and that hold the same sort of things. */
export function kindOf({ oracle, viewers }: Stage, channelId: string): string {
  const { guild, entry } = oracle.placeOf(channelId);
  const sort = isThread(entry.channel) ? 'thread' : holdsMessages(entry.channel) ? 'channel' : 'container';
  const sight = viewers.map((viewer) => (oracle.seesChannel(viewer, channelId) ? '+' : '-'));
  return `${guild.id} ${sort} ${sight.join('')}`;
}

function someOfEachKind(questions: readonly Question[], turn: number, ofKind: number): Question[] {
  const sizes = new Map<string, number>();
  for (const { kind = '' } of questions) sizes.set(kind, (sizes.get(kind) ?? 0) + 1);
  const met = new Map<string, number>();
  return questions.filter(({ kind }) => {
    if (kind === undefined) return true;
    const place = met.get(kind) ?? 0;
    met.set(kind, place + 1);
    const every = Math.min(ofKind, sizes.get(kind) ?? 1);
    return place % every === turn % every;
  });
}

function managesAny({ matrix, oracle }: Stage, viewer: Viewer): boolean {
  return Object.values(matrix.guilds).some(({ id }) => oracle.manages(viewer, id));
}
