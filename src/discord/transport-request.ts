import type { ExchangeLimits, HttpRequest } from './http-exchange.ts';
import { INVALID_STOP_AT } from './invalid-request-budget.ts';
import { GLOBAL_REQUESTS_PER_SECOND } from './request-pacer.ts';
import type { Priority } from './turn-queue.ts';

export type TransportRequest = {
  method: HttpRequest['method'];
  /** Path with ids left out, `/channels/:id/messages`: what learned paces and errors speak of. */
  route: string;
  /** The ids in the path; the first is the channel or guild whose lane this is. */
  ids: readonly string[];
  /** Path and query below the API's version. */
  path: string;
  body?: unknown;
  /** A user's access token, sent in place of the bot's. A refusal of it says nothing of the bot's. */
  userToken?: string;
  /** Whether doing it twice does no harm; by default GET, PUT and DELETE. */
  isRepeatable?: boolean;
  priority?: Priority;
  /** Whose share of the global limit it uses: a guild's id. Shares come in turn. */
  share?: string;
  signal?: AbortSignal;
};

export type TransportAnswer = { status: number; body: unknown };

export type TransportLimits = ExchangeLimits & {
  requestsPerSecond: number;
  /** Attempts at one request in the face of network faults, 5xx and broken bodies. */
  faultAttempts: number;
  retryFirstMs: number;
  retryMaxMs: number;
  /** Attempts at one request in the face of refusals (429). */
  refusalAttempts: number;
  /** The wait after a refusal that does not say how long; doubles up to `maxWaitMs`. */
  silentRefusalMs: number;
  /** The least wait after a refusal, whatever it asks for; doubles with each at the same request, up to `maxWaitMs`. */
  leastRefusalMs: number;
  /** Longer waits are not waited for: the caller gets `rate_limited` with the time. */
  maxWaitMs: number;
  invalidStopAt: number;
};

export const defaultTransportLimits: TransportLimits = {
  headersTimeoutMs: 15_000, // Discord's own gateway gives up after about as long
  totalTimeoutMs: 30_000,
  maxBodyBytes: 32 * 1024 * 1024, // the largest honest body, 100 messages full of embeds, is below 4 MB
  requestsPerSecond: GLOBAL_REQUESTS_PER_SECOND,
  faultAttempts: 6, // with the waits below about half a minute: a restart on their side
  retryFirstMs: 500,
  retryMaxMs: 15_000,
  refusalAttempts: 8,
  silentRefusalMs: 5_000,
  leastRefusalMs: 1_000, // an answer may ask for no wait at all, again and again
  maxWaitMs: 60_000,
  invalidStopAt: INVALID_STOP_AT,
};

/** Whether a request may be sent once more although the server may have done it already. */
export function isRepeatable(request: TransportRequest): boolean {
  return request.isRepeatable ?? ['GET', 'PUT', 'DELETE'].includes(request.method);
}
