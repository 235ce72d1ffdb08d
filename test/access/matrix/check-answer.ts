import { isDeepStrictEqual } from 'node:util';
import { problem as problemSchema } from '../../../src/http/contract/answer-parts.ts';
import type { Door } from '../../../src/http/door.ts';
import type { Answer } from './ask.ts';
import type { Asked, Expected, Question } from './question.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';
import { idsIn, marksIn } from './world-builder.ts';

/** Of things: not all zeros or ones, which describe what a UUID is. */
const UUID = /\b(?!0{8}|f{8})[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** How an answer differs from what it must be, in status, shape and content; and what of it is not the viewer's to know. */
export function checkAnswer(
  stage: Stage,
  door: Door,
  viewer: Viewer,
  question: Question,
  expected: Expected,
  answer: Answer,
): string[] {
  const differences = compareAnswer(door, expected, answer);
  return [...differences, ...findLeaks(stage, viewer, question, answer)];
}

function compareAnswer(door: Door, expected: Expected, { status, headers, text }: Answer): string[] {
  switch (expected.kind) {
    case 'hidden':
      return compareProblem(404, 'not_found', status, text);
    case 'problem':
      return compareProblem(expected.status, expected.code, status, text);
    case 'redirect': {
      const location = headers.get('location') ?? '';
      const isRight = status === 302 && expected.to.test(location);
      return isRight ? [] : [`${status} to ${location} instead of ${expected.to} ${text}`];
    }
    case 'text':
      return status === 200 ? (expected.check?.(text) ?? []) : [`${status} instead of 200: ${text}`];
    case 'json':
      if (status !== (expected.status ?? 200)) {
        return [`${status} instead of ${expected.status ?? 200}: ${text.slice(0, 300)}`];
      }
      return compareShape(door.action.answer, text) ?? expected.check(JSON.parse(text));
    case 'asked elsewhere':
      return ['was asked here'];
  }
}

function compareProblem(status: number, code: string, foundStatus: number, text: string): string[] {
  const shape = compareShape(problemSchema, text);
  if (shape) return [`${foundStatus} instead of ${status}`, ...shape];
  const body = JSON.parse(text) as { status: number; code: string };
  const isRight = foundStatus === status && body.status === status && body.code === code;
  return isRight ? [] : [`${foundStatus} ${body.code} instead of ${status} ${code}`];
}

/** What zod would leave out is in no contract: it is a difference. Null: the shape is right. */
function compareShape(schema: Door['action']['answer'], text: string): string[] | null {
  if (schema === null) return ['the door describes no answer'];
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [`no JSON: ${text.slice(0, 100)}`];
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) return [`shape: ${parsed.error.message}`];
  return isDeepStrictEqual(parsed.data, body)
    ? null
    : [`has fields that are in no contract: ${text.slice(0, 300)}`];
}

/** Every id and every name in the answer must be the viewer's to know; what they asked with is no news to them. */
function findLeaks(stage: Stage, viewer: Viewer, question: Question, { headers, text }: Answer): string[] {
  const told = `${text} ${cursorsIn(text)} ${headers.get('location') ?? ''}`;
  const asked = idsOf(question);
  const ids = [...idsIn(told)].filter((id) => !asked.has(id) && !maySeeId(stage, viewer, id));
  const marks = [...marksIn(told)].filter((mark) => !maySeeMark(stage, viewer, mark));
  const requestId = headers.get('x-request-id');
  const uuids = [...new Set(told.match(UUID))].filter(
    (id) => id !== requestId && !asked.has(id) && !maySeeUuid(stage, viewer, id),
  );
  return [...ids, ...marks, ...uuids].map((what) => `tells of ${what}, ${nameOf(stage, what)}`);
}

/** Places in lists are written so that nobody reads them; what they hold is told all the same. */
function cursorsIn(text: string): string {
  const cursors = [...text.matchAll(/"(?:cursor|next)":"([\w-]{20,})"/g)];
  return cursors.map(([, cursor = '']) => Buffer.from(cursor, 'base64url').toString()).join(' ');
}

function idsOf({ path, query, body }: Asked): Set<string> {
  const text = JSON.stringify([path, query, body]);
  return new Set([...idsIn(text), ...(text.match(UUID) ?? []), ...idsIn(cursorsIn(text))]);
}

/** Of a hole the bounds are told: the ids next to those of messages. */
function maySeeId(stage: Stage, viewer: Viewer, id: string): boolean {
  const { owners, guilds, posted } = stage.matrix;
  const near = [0n, 1n, -1n]
    .map((step) => owners.get(String(BigInt(id) + step)))
    .find((one) => one !== undefined);
  if (!near) return true; // a number that is of nothing in the world
  if (near.kind === 'guild') {
    // Their own guilds Discord tells everybody, whether or not the bot is there.
    const isOwn = Object.values(guilds).some(
      (one) => one.id === near.id && one.members.has(viewer.userId ?? ''),
    );
    return isOwn || stage.oracle.sees(viewer, near);
  }
  // A file that was posted twice has one id.
  const alike = posted.get(id) ?? [];
  return [near, ...alike.map((video) => ({ kind: 'video', video }) as const)].some((owner) =>
    stage.oracle.sees(viewer, owner),
  );
}

function maySeeMark(stage: Stage, viewer: Viewer, mark: string): boolean {
  const owner = stage.matrix.owners.get(mark);
  if (!owner) return false;
  if (owner.kind !== 'guild') return stage.oracle.sees(viewer, owner);
  const guild = stage.oracle.guild(owner.id);
  return guild?.members.has(viewer.userId ?? '') === true || stage.oracle.sees(viewer, owner);
}

function maySeeUuid({ facts, oracle }: Stage, viewer: Viewer, id: string): boolean {
  const run = facts.runs.get(id);
  if (run) return oracle.seesChannel(viewer, run.channelId);
  const pass = facts.passes.get(id);
  if (pass) return oracle.seesGuild(viewer, pass.guildId);
  return (facts.sessions.get(id) ?? facts.tokens.get(id))?.userId === viewer.userId;
}

function nameOf({ matrix }: Stage, what: string): string {
  return JSON.stringify(matrix.owners.get(what) ?? 'which is unknown').slice(0, 200);
}

/** But for the ids themselves and that of the request, what is not seen is answered as what does not exist. */
export function compareHidden(asked: Asked, answer: Answer, missing: Asked, other: Answer): string[] {
  const [mine, theirs] = [normalise(asked, answer), normalise(missing, other)];
  const place = [...mine].findIndex((char, at) => char !== theirs[at]);
  const [start, end] = [Math.max(0, place - 60), place + 100];
  return mine === theirs
    ? []
    : [`differs from what does not exist: …${mine.slice(start, end)}… / …${theirs.slice(start, end)}…`];
}

function normalise({ path, query, body }: Asked, { status, headers, text }: Answer): string {
  const values = [...Object.values(path ?? {}), ...Object.values(query ?? {}), ...leavesOf(body)];
  const requestId = headers.get('x-request-id') ?? '';
  const lines = [...headers].filter(([name]) => !['x-request-id', 'date', 'content-length'].includes(name));
  const plain = values
    .filter((value) => value.length > 2)
    .reduce((all, value) => all.replaceAll(value, '<id>'), text.replaceAll(requestId, '<request>'));
  return JSON.stringify([status, lines, plain]);
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
