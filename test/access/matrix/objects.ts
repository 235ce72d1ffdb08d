import type { Stage } from './stage.ts';
import type { MatrixWorld } from './world.ts';

const SOME = 4;

export const MISSING_UUID = '00000000-0000-4000-8000-000000000000';

/** Ids of what a door is not about, and of what exists nowhere. */
export function strangeIds(matrix: MatrixWorld, of: 'guild' | 'channel'): string[] {
  const { main } = matrix.guilds;
  const { general } = matrix.channels;
  return [
    matrix.missingId,
    of === 'guild' ? general.channel.id : main.id,
    matrix.people.owner.id,
    matrix.videos[0]?.messageId ?? '',
  ];
}

/**
 * Of runs one that succeeded in each channel, and of those that ended otherwise or wait one in each of some; and what else is
 * called by a UUID.
 */
export function uuids({ facts }: Stage): string[] {
  const runs = new Map([...facts.runs].map(([id, run]) => [`${run.status} ${run.channelId}`, id]));
  const some = ['failed', 'canceled', 'queued'].flatMap((status) =>
    [...runs].filter(([key]) => key.startsWith(status)).slice(0, SOME),
  );
  const chosen = [...[...runs].filter(([key]) => key.startsWith('succeeded')), ...some].map(([, id]) => id);
  const others = [facts.passes, facts.sessions, facts.tokens].flatMap((map) => [...map.keys()].slice(0, 2));
  return [...chosen, ...others, MISSING_UUID];
}
