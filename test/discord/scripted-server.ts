import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export type Received = {
  method: string;
  /** Path and query below `/api/v10`. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
  at: number;
};

export type Answer = (response: ServerResponse, request: Received) => void;

/** An HTTP server that answers what a test tells it to: `script` in order, then `fallback`. */
export async function startScriptedServer(fallback: Answer = json(200, [])) {
  const received: Received[] = [];
  const script: Answer[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = {
      method: incoming.method ?? '',
      path: (incoming.url ?? '').replace('/api/v10', ''),
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
      at: performance.now(),
    };
    received.push(request);
    (script.shift() ?? current.fallback)(response, request);
  });
  const current = { fallback };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    received,
    script,
    set fallback(answer: Answer) {
      current.fallback = answer;
    },
    dropIdleConnections: () => server.closeIdleConnections(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>;

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(status === 204 ? undefined : JSON.stringify(body));
  };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers });
    response.end(body);
  };
}

export function compressed(encoding: 'gzip' | 'br', body: string): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
    response.end(encoding === 'gzip' ? gzipSync(body) : brotliCompressSync(body));
  };
}

/** 429 of one route, with the headers and body that Discord sends. */
export function tooMany(retryAfterS: number, headers: Record<string, string> = {}): Answer {
  return json(
    429,
    { message: 'You are being rate limited.', retry_after: retryAfterS, global: false },
    {
      'retry-after': String(retryAfterS),
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': String(retryAfterS),
      'x-ratelimit-scope': 'user',
      ...headers,
    },
  );
}

export const noAnswer: Answer = () => {};
export const closedSocket: Answer = (response) => response.destroy();
export const stalledBody: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('[');
};
export const cutBody: Answer = (response) => {
  stalledBody(response, {} as Received);
  setImmediate(() => response.destroy());
};
export const brokenJson: Answer = text(200, '[{"id": "1"');

/**
 * A limit that slides: a request too many within the window is refused, and counted in `refused`. The headers of
 * other answers tell the truth or promise a thousand, as Discord has been seen to do.
 */
export function slidingLimit(limit: number, windowMs: number, headers: 'honest' | 'lying', delayMs = 0) {
  const accepted = new Map<string, number[]>();
  const counts = { refused: 0, accepted: 0 };
  const answer: Answer = (response, request) => {
    const lane = request.path.split('?')[0] ?? '';
    const recent = (accepted.get(lane) ?? []).filter((at) => at > request.at - windowMs);
    const oldest = recent[0] ?? request.at;
    if (recent.length >= limit) {
      counts.refused += 1;
      const seconds = (oldest + windowMs - request.at) / 1000;
      tooMany(seconds, { 'x-ratelimit-limit': String(limit) })(response, request);
      return;
    }
    counts.accepted += 1;
    accepted.set(lane, [...recent, request.at]);
    const promised = {
      honest: {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(limit - recent.length - 1),
        'x-ratelimit-reset-after': String((oldest + windowMs - request.at) / 1000),
      },
      lying: { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '999', 'x-ratelimit-reset-after': '1' },
    };
    setTimeout(() => json(200, [], promised[headers])(response, request), delayMs);
  };
  return { answer, counts };
}
