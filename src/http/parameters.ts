import type { Context } from 'hono';
import { z } from 'zod';
import { runStatuses } from './contract/run.ts';
import type { Problem } from './contract.ts';
import { decodeCursor, decodeRunCursor, MAX_BIGINT, VIDEO_ID } from './cursor.ts';
import type { Shape } from './door.ts';
import { ProblemError } from './problem.ts';

const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 50;
const MAX_RETRY = 99; // of a player that counts its attempts
const MAX_SEARCH_CHARS = 200;
const MAX_WORDS = 8;

export const snowflake = z
  .string('a Discord id (digits)')
  .regex(/^[1-9]\d{0,18}$/, { error: 'a Discord id (digits)', abort: true }) // what follows reads it as a number
  .refine((text) => BigInt(text) <= MAX_BIGINT, 'a Discord id (digits)');
const MAX_CHANNELS = 1_000; // of one request; Discord allows 500 in a guild
export const channelIds = z
  .array(snowflake, 'a list of Discord ids')
  .min(1, 'at least one channel')
  .max(MAX_CHANNELS, `at most ${MAX_CHANNELS} channels`);
export const runId = z.uuid('a run id (UUID)');
export const sessionId = z.uuid('a session id (UUID)');
export const tokenId = z.uuid('a token id (UUID)');
export const videoId = z.string().regex(VIDEO_ID, 'a video id (up to 64 letters, digits, - or _)');
export const runStatus = z.enum(runStatuses, `one of ${runStatuses.join(', ')}`);
export const cursor = cursorOf(decodeCursor);
export const runCursor = cursorOf(decodeRunCursor);
const SEARCH =
  `up to ${MAX_WORDS} words of at most ${MAX_SEARCH_CHARS} characters together, ` +
  'one of them with 3 letters or digits in a row';
const INDEXED = /[\p{L}\p{Nd}]{3}/u;

/**
 * Words to look for. The index knows three letters or digits in a row; without any, all texts would be gone through. It
 * knows none of the numbers that are no digits, such as ½ and ².
 */
export const searchWords = z
  .string()
  .max(MAX_SEARCH_CHARS, SEARCH)
  .transform((text) => [...new Set(text.normalize('NFC').split(/\s+/u))].filter((word) => word !== ''))
  .refine((words) => words.length <= MAX_WORDS && words.some((word) => INDEXED.test(word)), SEARCH)
  .refine((words) => !words.some((word) => word.includes('\0')), 'no NUL character')
  .meta({ description: `Words to look for: ${SEARCH}` });
/** Given or not. */
export const flag = z.literal('true', 'true').transform(() => true);
export const pageSize = wholeNumber(1, MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE);
export const retry = wholeNumber(1, MAX_RETRY);

function cursorOf<Place>(decode: (text: string) => Place | null) {
  return z.string().transform((text, context) => {
    const place = decode(text);
    if (place) return place;
    context.addIssue('a cursor from an earlier answer');
    return z.NEVER;
  });
}

function wholeNumber(min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, allowed)
    .transform(Number)
    .pipe(z.number().min(min, allowed).max(max, allowed))
    .meta({ type: 'integer', minimum: min, maximum: max, pattern: undefined });
}

/** @throws ProblemError `parameter_invalid` that names each bad parameter and what is allowed there. */
export function readQuery<Fields extends Shape>(c: Context, fields: Fields, isOpen: boolean) {
  const schema = isOpen ? z.object(fields) : z.strictObject(fields);
  return read(schema, c.req.query(), 'parameter_invalid');
}

/** @throws ProblemError as `readQuery`, for the parts of the path. */
export function readPath<Fields extends Shape>(c: Context, fields: Fields) {
  return read(z.object(fields), c.req.param(), 'parameter_invalid');
}

/** @throws ProblemError `body_invalid`, `body_not_json` */
export async function readBody<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const body = await readJson(c);
  // A record of zod leaves this key out without a word.
  if (body instanceof Object && Object.hasOwn(body, '__proto__')) {
    throw invalid('body_invalid', [unknownParameter('__proto__')]);
  }
  return read(schema, body, 'body_invalid');
}

async function readJson(c: Context): Promise<unknown> {
  const [type] = (c.req.header('Content-Type') ?? '').split(';', 1);
  if (type?.trim().toLowerCase() !== 'application/json') {
    throw new ProblemError({
      status: 415,
      code: 'body_not_json',
      title: 'The body is not JSON',
      detail: 'Send it with "Content-Type: application/json".',
    });
  }
  const text = await c.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProblemError({
      status: 400,
      code: 'body_not_json',
      title: 'The body is not JSON',
      detail: 'It cannot be parsed as JSON.',
    });
  }
}

type Refusal = 'parameter_invalid' | 'body_invalid';
type WrongParameter = NonNullable<Problem['parameters']>[number];

function read<Schema extends z.ZodType>(schema: Schema, values: unknown, code: Refusal): z.infer<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const wrong = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(unknownParameter)
      : [{ name: issue.path.map(String).join('.') || 'body', allowed: issue.message }],
  );
  throw invalid(code, wrong.slice(0, MAX_TOLD));
}

function unknownParameter(name: string): WrongParameter {
  return { name: name.slice(0, MAX_QUOTED_CHARS), allowed: 'nothing: this parameter is unknown here' };
}

function invalid(code: Refusal, parameters: WrongParameter[]): ProblemError {
  return new ProblemError({
    status: 400,
    code,
    title: code === 'body_invalid' ? 'The body is not valid' : 'A parameter is not valid',
    detail: parameters.map(({ name, allowed }) => `${name}: allowed is ${allowed}`).join('; '),
    parameters,
  });
}

const MAX_TOLD = 20; // wrong parameters of one request: an answer must not be many times as long as what was asked
const MAX_QUOTED_CHARS = 60; // of a name that somebody else chose, in an error
