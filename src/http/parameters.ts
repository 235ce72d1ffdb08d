import type { Context } from 'hono';
import { z } from 'zod';
import { decodeCursor, VIDEO_ID } from './cursor.ts';
import { ProblemError } from './problem.ts';

export const MAX_PAGE_SIZE = 100;
const DEFAULT_PAGE_SIZE = 50;
const MAX_SNOWFLAKE = 2n ** 63n - 1n; // what PostgreSQL's bigint holds
const MAX_RETRY = 99; // of a player that counts its attempts

export const snowflake = z
  .string()
  .refine((text) => /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= MAX_SNOWFLAKE, 'a Discord id (digits)');
export const runId = z.uuid('a run id (UUID)');
export const videoId = z.string().regex(VIDEO_ID, 'a video id (up to 64 letters, digits, - or _)');
export const runStatus = z.enum(
  ['queued', 'running', 'succeeded', 'failed', 'canceled'],
  'queued, running, succeeded, failed or canceled',
);
export const cursor = z.string().transform((text, context) => {
  const place = decodeCursor(text);
  if (place) return place;
  context.addIssue('a cursor from an earlier answer');
  return z.NEVER;
});
/** Given or not. */
export const flag = z.literal('true', 'true').transform(() => true);
export const pageSize = wholeNumber(1, MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE);
export const retry = wholeNumber(1, MAX_RETRY);

function wholeNumber(min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, allowed)
    .transform(Number)
    .pipe(z.number().min(min, allowed).max(max, allowed));
}

/** @throws ProblemError `parameter_invalid` that names each bad parameter and what is allowed there. */
export function readQuery<Shape extends z.ZodRawShape>(c: Context, shape: Shape) {
  return read(z.strictObject(shape), c.req.query());
}

/** @throws ProblemError as `readQuery`, for the parts of the path. */
export function readPath<Shape extends z.ZodRawShape>(c: Context, shape: Shape) {
  return read(z.object(shape), c.req.param());
}

function read<Schema extends z.ZodType>(schema: Schema, values: Record<string, string>): z.infer<Schema> {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const parameters = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((name) => ({ name, allowed: 'nothing: this parameter is unknown here' }))
      : [{ name: issue.path.join('.'), allowed: issue.message }],
  );
  throw new ProblemError({
    status: 400,
    code: 'parameter_invalid',
    title: 'A parameter is not valid',
    detail: parameters.map(({ name, allowed }) => `${name}: allowed is ${allowed}`).join('; '),
    parameters,
  });
}
