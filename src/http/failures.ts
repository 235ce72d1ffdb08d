import type { Context } from 'hono';
import { DatabaseOutage } from '../db/database-outage.ts';
import { isAbortError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { ProblemError, sendProblem } from './problem.ts';

const DATABASE_RETRY_MS = 2_000;

/** Turns whatever a handler threw into a problem document. What we did not foresee is logged, never shown. */
export function handleFailure(log: Logger) {
  return (error: Error, c: Context): Response => {
    if (error instanceof ProblemError) return sendProblem(c, error);
    if (isAbortError(error)) return sendProblem(c, closing());
    const isOutage = error instanceof DatabaseOutage;
    log[isOutage ? 'warn' : 'error'](
      { requestId: c.get('requestId'), path: c.req.path, err: isOutage ? messageOf(error) : error },
      'request failed',
    );
    return sendProblem(c, isOutage ? databaseUnavailable() : internal());
  };
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
