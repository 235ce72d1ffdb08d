import { setTimeout as sleep } from 'node:timers/promises';
import type { Door } from '../../../src/http/door.ts';
import { sideBySide } from '../../../src/lib/side-by-side.ts';
import { checkAnswer, compareHidden } from './check-answer.ts';
import { type Asked, type Case, doorKey, type Question, refusalAt } from './question.ts';
import { sample } from './sampling.ts';
import type { Stage } from './stage.ts';
import { forgetLimits, type Viewer } from './viewers.ts';

export type Answer = { status: number; headers: Headers; text: string };

/** What was asked so far. */
export type Tally = {
  doors: Set<string>;
  requests: number;
  triples: Set<string>;
  byStatus: Map<number, number>;
};

export function newTally(): Tally {
  return { doors: new Set(), requests: 0, triples: new Set(), byStatus: new Map() };
}

const SIDE_BY_SIDE = 12;
const FORGET_EVERY = 10; // requests: far below all limits, which are not what is tested here
const HEARTBEAT = ': still here';
/** A stream that has told what it should, and then for so long nothing, has more to tell neither: it looks every second. */
const QUIET_MS = 2_500;

/** Asks at one door for one viewer; answers the differences. */
export async function askDoor(
  stage: Stage,
  door: Door,
  questionsOf: Case,
  viewer: Viewer,
  tally: Tally,
): Promise<string[]> {
  const refusal = refusalAt(door, viewer);
  const askedHere = questionsOf(stage).filter(
    (question) => refusal !== null || question.expect(viewer).kind !== 'asked elsewhere',
  );
  const questions = sample(stage, door, viewer, askedHere);
  tally.doors.add(doorKey(door));
  const missing = new Map<string, Promise<Answer>>();
  const work = async (question: Question): Promise<string[]> => {
    const expected = refusal ?? question.expect(viewer);
    const isAllTold = (text: string) => expected.kind !== 'text' || !expected.check?.(text).length;
    const answer = await ask(stage, door, viewer, question, tally, isAllTold);
    tally.triples.add(JSON.stringify([viewer.name, addressOf(door, question), question.body]));
    const isChanged = answer.status < 300 && question.undo !== undefined;
    if (isChanged) await stage.refresh();
    const differences = checkAnswer(stage, door, viewer, question, expected, answer);
    if (expected.kind === 'hidden' && question.missing) {
      const { path, query, body } = { ...question, ...question.missing };
      const key = JSON.stringify([path, query, body]);
      const asked = missing.get(key) ?? ask(stage, door, viewer, { path, query, body }, tally);
      missing.set(key, asked);
      differences.push(...compareHidden(question, answer, { path, query, body }, await asked));
    }
    if (isChanged) {
      await question.undo?.(answer.text === '' ? null : JSON.parse(answer.text));
      await stage.refresh();
    }
    const what = `${viewer.name}: ${door.method} ${addressOf(door, question)} ${JSON.stringify(question.body) ?? ''}`;
    return differences.map((difference) => `${what}: ${difference}`);
  };
  // What leaves all as it was need not wait for its turn.
  const isHarmless = (question: Question) =>
    !question.undo || refusal !== null || ['hidden', 'problem'].includes(question.expect(viewer).kind);
  const differences = await sideBySide(questions.filter(isHarmless), SIDE_BY_SIDE, work);
  for (const question of questions.filter((one) => !isHarmless(one))) differences.push(await work(question));
  return differences.flat();
}

export async function ask(
  stage: Stage,
  door: Door,
  viewer: Viewer,
  asked: Asked,
  tally: Tally,
  isAllTold = (_text: string) => true,
): Promise<Answer> {
  if (door.limits.length > 0 && tally.requests % FORGET_EVERY === 0) await forgetLimits(stage.db);
  tally.requests += 1;
  const response = await fetch(`${stage.url}${addressOf(door, asked)}`, {
    method: door.method,
    redirect: 'manual',
    headers: {
      ...viewer.headers,
      ...asked.headers,
      ...(door.method === 'GET' ? {} : { 'sec-fetch-site': 'same-origin' }),
      ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
  });
  const { status, headers } = response;
  tally.byStatus.set(status, (tally.byStatus.get(status) ?? 0) + 1);
  return { status, headers, text: await readBody(response, isAllTold) };
}

export function addressOf({ path }: Door, { path: parts = {}, query = {} }: Asked): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(parts[name] ?? ''));
  const search = new URLSearchParams(query).toString();
  return search === '' ? filled : `${filled}?${search}`;
}

async function readBody(response: Response, isAllTold: (text: string) => boolean): Promise<string> {
  const { headers, body } = response;
  if (!body || !headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let next = reader.read();
  while (!text.includes(HEARTBEAT)) {
    const chunk = await withinQuiet(next);
    if (chunk === null && text !== '' && isAllTold(text)) break;
    if (chunk?.done) break;
    if (chunk === null) continue;
    text += chunk.value;
    next = reader.read();
  }
  await reader.cancel();
  return text;
}

/** Null: nothing came. */
async function withinQuiet<Chunk>(next: Promise<Chunk>): Promise<Chunk | null> {
  const waiting = new AbortController();
  const quiet = sleep(QUIET_MS, null, { signal: waiting.signal }).catch(() => null);
  return Promise.race([next, quiet]).finally(() => waiting.abort());
}
