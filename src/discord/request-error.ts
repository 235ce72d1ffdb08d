import { isRecord } from '../lib/is-record.ts';
import { DiscordError, type DiscordErrorKind } from './discord-error.ts';
import type { TransportRequest } from './transport-request.ts';

const MAX_QUOTED_CHARS = 200; // of what Discord says in an error
const LOG_IN_AGAIN = 'the user has to log in again';

/** The error for an answer of 300 to 499 other than 429; `body` is its JSON, if it is any. */
export function failureOf(request: TransportRequest, httpStatus: number, body: unknown): DiscordError {
  const json = isRecord(body) ? body : {};
  const said = typeof json.message === 'string' ? json.message.slice(0, MAX_QUOTED_CHARS) : 'no reason given';
  const discordCode = typeof json.code === 'number' ? json.code : null;
  const kind = kindOf(httpStatus, discordCode);
  return requestError(kind, request, `answered ${httpStatus}: ${said}`, { httpStatus, discordCode });
}

/** Of a proxy that wants a login, waits no longer, or takes the host for another's or a repeated request for early. */
const proxyStatuses: readonly number[] = [407, 408, 421, 425];

/** A 403 or 404 without Discord's code is a page of a guard or proxy in between, and says nothing of what was asked. */
function kindOf(httpStatus: number, discordCode: number | null): DiscordErrorKind {
  if (httpStatus < 400) return 'malformed';
  if (httpStatus === 401) return 'unauthorized';
  if (proxyStatuses.includes(httpStatus)) return 'unavailable';
  if (httpStatus !== 403 && httpStatus !== 404) return 'bad_request';
  if (discordCode === null) return 'unavailable';
  return httpStatus === 403 ? 'forbidden' : 'not_found';
}

export function requestError(
  kind: DiscordErrorKind,
  request: TransportRequest,
  reason: string,
  details: ErrorOptions & { httpStatus?: number; discordCode?: number | null; retryAfterMs?: number } = {},
): DiscordError {
  return new DiscordError(kind, {
    ...details,
    route: `${request.method} ${request.route}`,
    ids: request.ids,
    reason,
    ...(request.userToken !== undefined && kind === 'unauthorized' ? { nextStep: LOG_IN_AGAIN } : {}),
  });
}
