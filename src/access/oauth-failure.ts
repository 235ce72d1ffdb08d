import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';

/**
 * `refused`: what was handed in is not, or no more, good for anything; `reason` is the standard's word (`invalid_grant`).
 * `unavailable`: nothing is known of it; `client_refused` means that our own id or secret is wrong.
 */
export type OauthFailure =
  | { kind: 'refused'; reason: string }
  | {
      kind: 'unavailable';
      reason: 'no_answer' | 'client_refused' | 'malformed' | 'failed';
      httpStatus: number | null;
    };

/** No whole answer came, or one that speaks of Discord's own state. */
export class UnansweredError extends Error {
  readonly httpStatus: number | null;

  constructor(httpStatus: number | null) {
    super('Discord did not answer the question');
    this.httpStatus = httpStatus;
  }
}

/** What is said of our own standing, not of the code or token that we handed in. */
const clientErrors: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client']);
const MAX_REASON_LENGTH = 40; // characters; the standard's words are shorter

/** Only codes are taken over: what the library throws may carry tokens. @throws what is a fault of our own */
export function readFailure(error: unknown): OauthFailure {
  const unanswered = findUnanswered(error);
  if (unanswered) return unavailable('no_answer', unanswered.httpStatus);
  if (error instanceof TypeError) throw error;
  if (error instanceof WWWAuthenticateChallengeError) return unavailable('client_refused', error.status);
  if (!(error instanceof ResponseBodyError)) return unavailable('malformed', null);
  if (clientErrors.has(error.error)) return unavailable('client_refused', error.status);
  if (error.status !== 400) return unavailable('failed', error.status);
  return { kind: 'refused', reason: error.error.slice(0, MAX_REASON_LENGTH) };
}

/** The library wraps what its `fetch` throws. */
function findUnanswered(error: unknown): UnansweredError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof UnansweredError) return cause;
  }
  return null;
}

function unavailable(
  reason: Extract<OauthFailure, { kind: 'unavailable' }>['reason'],
  httpStatus: number | null,
): OauthFailure {
  return { kind: 'unavailable', reason, httpStatus };
}
