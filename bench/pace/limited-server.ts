import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { answerCalls } from '../scan/answer-calls.ts';
import { leanChannelId, leanPage } from '../scan/lean-messages.ts';

/**
 * A Discord that answers every request with one page of messages and keeps its limits to the letter, in a process of its
 * own: both limits slide, so that no span of time sees more than they allow.
 */

export type Limits = {
  perSecond: number | null;
  /** Of one path, as Discord limits one channel. */
  perLane: { limit: number; windowMs: number } | null;
  /** The truth, or a promise of 999 in 1,000 until the refusal. */
  headers: 'honest' | 'lying';
  latencyMs: number;
  /** No message, or a hundred as people write them. */
  page: 'empty' | 'full' | 'gzipped';
};

export type Arrivals = {
  /** When requests were let through, by path, in ms. */
  accepted: Record<string, number[]>;
  refused: number;
};

export type LimitedServer = {
  open: { input: Limits; output: { apiUrl: string } };
  /** What came to that server. */
  arrivals: { input: { apiUrl: string }; output: Arrivals };
};

const SECOND_MS = 1_000;
const pages = {
  empty: Buffer.from('[]'),
  full: Buffer.from(JSON.stringify(leanPage(leanChannelId(0, 1_000), { before: null, limit: 100 }))),
};

const servers = new Map<string, { arrivals: Arrivals; close: () => void }>();

async function open(limits: Limits): Promise<{ apiUrl: string }> {
  const arrivals: Arrivals = { accepted: {}, refused: 0 };
  const everything: number[] = [];
  const body = limits.page === 'gzipped' ? gzipSync(pages.full) : pages[limits.page];
  const server = createServer((request, response) => {
    const now = performance.now();
    const lane = laneOf(request);
    const accepted = arrivals.accepted[lane] ?? [];
    const globalMs = limits.perSecond === null ? 0 : waitMs(everything, limits.perSecond, SECOND_MS, now);
    const laneMs = limits.perLane ? waitMs(accepted, limits.perLane.limit, limits.perLane.windowMs, now) : 0;
    if (globalMs > 0 || laneMs > 0) {
      arrivals.refused += 1;
      return refuse(response, limits, globalMs, laneMs);
    }
    arrivals.accepted[lane] = [...accepted, now];
    everything.push(now);
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      ...(limits.page === 'gzipped' ? { 'content-encoding': 'gzip' } : {}),
      ...promise(limits, accepted, now),
    };
    const answer = () => response.writeHead(200, headers).end(body);
    if (limits.latencyMs > 0) setTimeout(answer, limits.latencyMs);
    else answer();
  });
  server.keepAliveTimeout = 60_000; // longer than any pause of a bench
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  servers.set(apiUrl, { arrivals, close });
  return { apiUrl };
}

function laneOf({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? '';
}

/** Until another one fits into the window; 0 when it does now. */
function waitMs(accepted: readonly number[], limit: number, windowMs: number, now: number): number {
  const first = accepted.at(-limit);
  return first === undefined ? 0 : Math.max(0, first + windowMs - now);
}

function refuse(response: ServerResponse, limits: Limits, globalMs: number, laneMs: number): void {
  const seconds = Math.max(globalMs, laneMs) / SECOND_MS;
  const isGlobal = globalMs > 0;
  const headers = {
    'content-type': 'application/json',
    'retry-after': String(Math.ceil(seconds)),
    'x-ratelimit-scope': isGlobal ? 'global' : 'user',
    ...(isGlobal
      ? { 'x-ratelimit-global': 'true' }
      : {
          'x-ratelimit-limit': String(limits.perLane?.limit),
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset-after': String(laneMs / SECOND_MS),
        }),
  };
  const body = { message: 'You are being rate limited.', retry_after: seconds, global: isGlobal };
  response.writeHead(429, headers).end(JSON.stringify(body));
}

function promise(limits: Limits, before: readonly number[], now: number): Record<string, string> {
  if (limits.perLane === null) return {};
  const { limit, windowMs } = limits.perLane;
  if (limits.headers === 'lying') {
    return {
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '999',
      'x-ratelimit-reset-after': '1',
    };
  }
  const within = before.filter((at) => at > now - windowMs);
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(limit - within.length - 1),
    'x-ratelimit-reset-after': String(((within[0] ?? now) + windowMs - now) / SECOND_MS),
  };
}

answerCalls<LimitedServer>({
  open,
  arrivals: async ({ apiUrl }) => servers.get(apiUrl)?.arrivals ?? { accepted: {}, refused: 0 },
});
process.once('disconnect', () => {
  for (const { close } of servers.values()) close();
});
