import { DiscordError, type DiscordErrorKind } from './discord-error.ts';
import { isRecord } from './rate-limit.ts';
import type { TransportRequest } from './transport-request.ts';

const MAX_QUOTED_CHARS = 200; // of what Discord says in an error

const kinds: Record<number, DiscordErrorKind> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
};

/** The error for an answer of 300 to 499 other than 429; `body` is its JSON, if it is any. */
export function failureOf(request: TransportRequest, httpStatus: number, body: unknown): DiscordError {
  const kind = kinds[httpStatus] ?? (httpStatus < 400 ? 'malformed' : 'bad_request');
  const json = isRecord(body) ? body : {};
  const said = typeof json.message === 'string' ? json.message.slice(0, MAX_QUOTED_CHARS) : 'no reason given';
  const discordCode = typeof json.code === 'number' ? json.code : null;
  return requestError(kind, request, `answered ${httpStatus}: ${said}`, { httpStatus, discordCode });
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
  });
}
