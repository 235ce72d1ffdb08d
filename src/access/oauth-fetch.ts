import type { ClientAuth, CustomFetch } from 'openid-client';
import type { Dispatcher } from 'undici';
import { ACCEPTED_ENCODINGS, type ExchangeLimits, exchange } from '../discord/http-exchange.ts';
import { userAgent } from '../discord/user-agent.ts';
import { basicAuthorization } from '../lib/basic-authorization.ts';
import type { Clock } from '../lib/clock.ts';
import { UnansweredError } from './oauth-failure.ts';

export const OAUTH_TIMEOUT_MS = 10_000; // headers and body; somebody waits for it
const MAX_BODY_BYTES = 256 * 1024; // the answer to an install holds a guild with its roles

type FetchOptions = { dispatcher: Dispatcher; timeoutMs: number; clock: Clock; signal: AbortSignal };

/** For the library, which sees only answers that are about its question: a time-out, 429 and 5xx are thrown. */
export function oauthFetch({ dispatcher, timeoutMs, clock, signal }: FetchOptions): CustomFetch {
  const agent = userAgent();
  const limits: ExchangeLimits = {
    headersTimeoutMs: timeoutMs,
    totalTimeoutMs: timeoutMs,
    maxBodyBytes: MAX_BODY_BYTES,
  };
  return async (url, { headers, body }) => {
    const { origin, pathname } = new URL(url);
    const request = {
      method: 'POST' as const,
      origin,
      path: pathname,
      headers: { ...headers, 'user-agent': agent, 'accept-encoding': ACCEPTED_ENCODINGS },
      body: String(body),
    };
    const answer = await exchange(dispatcher, request, { limits, clock, signal, onLeave: () => {} });
    if (answer.kind !== 'answer') throw new UnansweredError(null);
    const { status, text, headers: answered } = answer;
    if (status === 429 || status >= 500) throw new UnansweredError(status);
    const contentType = answered['content-type'];
    return new Response(text === '' ? null : text, {
      status,
      headers: typeof contentType === 'string' ? { 'content-type': contentType } : {},
    });
  };
}

export function clientAuth(clientId: string, clientSecret: string): ClientAuth {
  const value = basicAuthorization(clientId, clientSecret);
  return (_server, _client, _body, headers) => headers.set('authorization', value);
}
