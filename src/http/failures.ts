import { randomUUID } from 'node:crypto';
import { type HttpBindings, RequestError } from '@hono/node-server';
import type { Context } from 'hono';
import { DatabaseOutage } from '../db/database-outage.ts';
import { isAbortError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { Problem } from './contract.ts';
import { ProblemError, sendProblem } from './problem.ts';

const DATABASE_RETRY_MS = 2_000;

/** Turns whatever a handler threw into a problem document. What we did not foresee is logged, never shown. */
export function handleFailure(log: Logger) {
  return (error: Error, c: Context): Response => {
    if (error instanceof ProblemError) return sendProblem(c, error);
    if (hasLeft(c, error)) return sendProblem(c, bodyIncomplete());
    if (isAbortError(error)) return sendProblem(c, closing());
    logFailure(log, c)(error);
    return sendProblem(c, error instanceof DatabaseOutage ? databaseUnavailable() : internal());
  };
}

/** For what fails when the answer has begun already, too. */
export function logFailure(log: Logger, c: Context) {
  return (error: unknown): void => {
    if (isAbortError(error)) return;
    const isOutage = error instanceof DatabaseOutage;
    log[isOutage ? 'warn' : 'error'](
      { requestId: c.get('requestId'), path: c.req.path, err: isOutage ? messageOf(error) : error },
      'request failed',
    );
  };
}

/** For what never comes to a door: an address or a Host that cannot be read, or a fault on the way there. */
export function answerBeforeDoors(log: Logger) {
  return (error: unknown): Response => {
    const requestId = randomUUID();
    const isTheirs = error instanceof RequestError;
    if (!isTheirs) log.error({ requestId, err: error }, 'request failed');
    const { status, code, title, message: detail } = isTheirs ? unreadable() : internal();
    const body: Problem = { type: 'about:blank', title, status, code, detail, requestId };
    const headers = {
      'Content-Type': 'application/problem+json',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
      'X-Request-Id': requestId,
    };
    return Response.json(body, { status, headers });
  };
}

function unreadable(): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'request_unreadable',
    title: 'The request cannot be read',
    detail: 'Its address, or the name in its header Host, is not one.',
  });
}

/** Whether the client has gone, or was cut off, in the middle of its body: no fault of ours, and nobody hears the answer. */
function hasLeft({ env }: Context<{ Bindings: HttpBindings }>, error: Error): boolean {
  return env.incoming.errored === error;
}

function bodyIncomplete(): ProblemError {
  return new ProblemError({
    status: 400,
    code: 'body_incomplete',
    title: 'The body is not complete',
    detail: 'The connection ended before the body did.',
  });
}

function databaseUnavailable(): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'database_unavailable',
    title: 'The database does not answer',
    detail: 'Clipdex waits for its database. Try again in a moment.',
    retryAfterMs: DATABASE_RETRY_MS,
  });
}

function closing(): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'closing',
    title: 'Clipdex is closing',
    detail: 'The program was asked to end. Try again when it runs.',
    retryAfterMs: DATABASE_RETRY_MS,
  });
}

function internal(): ProblemError {
  return new ProblemError({
    status: 500,
    code: 'internal',
    title: 'Something went wrong',
    detail: 'This should not have happened. The log tells more under the request id.',
  });
}
