import { createHash } from 'node:crypto';
import type { RouteLimit } from './http/router.ts';

export type SandboxLimits = {
  /** False: nothing is ever refused for its rate. */
  isEnabled: boolean;
  globalPerSecond: number;
  /** Replaces the limit of the routes with this path or bucket name, e.g. `messages`. */
  routes: Record<string, RouteLimit>;
  /** Life of OAuth access tokens. */
  accessTokenSecs: number;
  heartbeatIntervalMs: number;
};

/** As Discord's documentation and its users report them; a week for tokens. */
export const defaultLimits: SandboxLimits = {
  isEnabled: true,
  globalPerSecond: 50,
  routes: {},
  accessTokenSecs: 7 * 24 * 60 * 60,
  heartbeatIntervalMs: 41_250,
};

/** For routes whose limit nobody has reported. */
const commonLimit: RouteLimit = { requests: 10, perSecs: 5 };
/** Finished windows are forgotten when more than this many are kept. */
const MAX_KEPT_BUCKETS = 10_000;
const GLOBAL_WINDOW_MS = 1000;

type Window = { used: number; endsAt: number };

export type Verdict =
  | { isAllowed: true; headers: Record<string, string> }
  | { isAllowed: false; headers: Record<string, string>; retryAfterSecs: number; isGlobal: boolean };

export type Asked = {
  /** Whose budget: the bot's or one user's. */
  spender: string;
  /** Path of the route. */
  route: string;
  bucket?: string | undefined;
  limit?: RouteLimit | undefined;
  /** The channel, guild or webhook of the path: each has a budget of its own. */
  majorId: string;
  /** Promise 999 of 1,000 until the 429. */
  hasLyingHeaders: boolean;
};

/**
 * Budgets as Discord keeps them: a window per route and major id that opens with its first request, and a sliding
 * second over everything that one token sends.
 */
export function createRateLimits(limits: SandboxLimits, monotonic = () => performance.now()) {
  const windows = new Map<string, Window>();
  const sentAt = new Map<string, number[]>();

  function takeGlobal(spender: string, now: number): number {
    const recent = (sentAt.get(spender) ?? []).filter((at) => at > now - GLOBAL_WINDOW_MS);
    sentAt.set(spender, recent);
    const oldest = recent[recent.length - limits.globalPerSecond];
    if (oldest !== undefined) return oldest + GLOBAL_WINDOW_MS - now;
    recent.push(now);
    return 0;
  }

  function openWindow(key: string, rule: RouteLimit, now: number): Window {
    const current = windows.get(key);
    if (current && current.endsAt > now) return current;
    if (windows.size > MAX_KEPT_BUCKETS) dropFinished(windows, now);
    const opened = { used: 0, endsAt: now + rule.perSecs * 1000 };
    windows.set(key, opened);
    return opened;
  }

  return function take(asked: Asked): Verdict {
    if (!limits.isEnabled) return { isAllowed: true, headers: {} };
    const now = monotonic();
    const globalWaitMs = takeGlobal(asked.spender, now);
    if (globalWaitMs > 0) return refuseGlobally(globalWaitMs);
    const name = asked.bucket ?? asked.route;
    const rule = limits.routes[name] ?? limits.routes[asked.route] ?? asked.limit ?? commonLimit;
    const window = openWindow(`${asked.spender} ${name} ${asked.majorId}`, rule, now);
    const waitMs = window.endsAt - now;
    const isAllowed = window.used < rule.requests;
    if (isAllowed) window.used += 1;
    const honest = bucketHeaders(name, rule.requests, rule.requests - window.used, waitMs);
    if (isAllowed) {
      return { isAllowed, headers: asked.hasLyingHeaders ? bucketHeaders(`${name}?`, 1000, 999, 1) : honest };
    }
    return {
      isAllowed,
      isGlobal: false,
      retryAfterSecs: secondsOf(waitMs),
      headers: { ...honest, 'retry-after': String(Math.ceil(waitMs / 1000)), 'x-ratelimit-scope': 'user' },
    };
  };
}

function refuseGlobally(waitMs: number): Verdict {
  return {
    isAllowed: false,
    isGlobal: true,
    retryAfterSecs: secondsOf(waitMs),
    headers: {
      'retry-after': String(Math.ceil(waitMs / 1000)),
      'x-ratelimit-global': 'true',
      'x-ratelimit-scope': 'global',
    },
  };
}

function bucketHeaders(bucket: string, limit: number, remaining: number, resetAfterMs: number) {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': ((Date.now() + resetAfterMs) / 1000).toFixed(3),
    'x-ratelimit-reset-after': secondsOf(resetAfterMs).toFixed(3),
    'x-ratelimit-bucket': createHash('md5').update(bucket).digest('hex'),
  };
}

/** Rounded up to the millisecond: whoever waits so long is let through. */
function secondsOf(ms: number): number {
  return Math.ceil(ms) / 1000;
}

function dropFinished(windows: Map<string, Window>, now: number): void {
  for (const [key, { endsAt }] of windows) if (endsAt <= now) windows.delete(key);
}
