import type { Readable } from 'node:stream';

/** What a handler answers; `send.ts` puts it on the wire. */
export type Answer = { status: number; headers?: Record<string, string>; body?: Body };

type Body =
  | { kind: 'text'; contentType: string; text: string }
  | { kind: 'stream'; contentType: string; sizeBytes: number; open: () => Readable };

export function json(value: unknown, status = 200): Answer {
  return { status, body: { kind: 'text', contentType: 'application/json', text: JSON.stringify(value) } };
}

export function text(value: string, status = 200, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status, body: { kind: 'text', contentType, text: value } };
}

export function html(value: string, status = 200): Answer {
  return text(value, status, 'text/html; charset=utf-8');
}

export function noContent(): Answer {
  return { status: 204 };
}

export function redirect(location: string): Answer {
  return { status: 302, headers: { location, 'cache-control': 'no-store' } };
}
