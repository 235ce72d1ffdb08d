import { isRecord } from '../lib/is-record.ts';

/** Longer waits are not meant, and no timer or date could hold some of them. */
const MAX_WAIT_MS = 24 * 60 * 60_000;

export type Headers = Record<string, string | string[] | undefined>;

/** `limit` requests within `windowMs`, over any such span of time. */
export type Pace = { limit: number; windowMs: number };

/** What the headers of any answer promise about its route and resource. */
export type Promised = { limit: number | null; remaining: number | null; resetAfterMs: number | null };

export const nothingPromised: Promised = { limit: null, remaining: null, resetAfterMs: null };

export type Refusal = Promised & {
  /** The longest wait that headers and body ask for; null when neither says anything. */
  retryAfterMs: number | null;
  /** The whole token, or the whole address: everything pauses. */
  isGlobal: boolean;
  /** Others used up what is shared; does not count as an invalid request, and says nothing about our own pace. */
  isShared: boolean;
};

export function readPromise(headers: Headers): Promised {
  return {
    limit: readNumber(headers['x-ratelimit-limit']),
    remaining: readNumber(headers['x-ratelimit-remaining']),
    resetAfterMs: readSeconds(headers['x-ratelimit-reset-after']),
  };
}

/** What a 429 says. `body` is its JSON, or undefined for HTML and the like. */
export function readRefusal(headers: Headers, body: unknown): Refusal {
  const promised = readPromise(headers);
  const json = isRecord(body) ? body : null;
  const waits = [readSeconds(headers['retry-after']), readSeconds(json?.retry_after), promised.resetAfterMs];
  const known = waits.filter((ms) => ms !== null);
  const scope = headers['x-ratelimit-scope'];
  // Without JSON the answer is not the API's but its guard's (Cloudflare), which looks at the address.
  const isFromGuard = json === null && scope === undefined && promised.limit === null;
  return {
    ...promised,
    retryAfterMs: known.length > 0 ? Math.max(...known) : null,
    isGlobal:
      isFromGuard || scope === 'global' || headers['x-ratelimit-global'] === 'true' || json?.global === true,
    isShared: scope === 'shared',
  };
}

function readSeconds(value: unknown): number | null {
  const seconds = readNumber(value);
  return seconds === null ? null : Math.min(Math.ceil(seconds * 1000), MAX_WAIT_MS);
}

function readNumber(value: unknown): number | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const number = value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
}
