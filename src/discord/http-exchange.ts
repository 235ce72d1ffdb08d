import { promisify } from 'node:util';
import { brotliDecompress, gunzip, type InputType, type ZlibOptions } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import type { Clock } from '../lib/clock.ts';
import { linkSignals } from '../lib/linked-signal.ts';
import type { Headers } from './rate-limit.ts';

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body: string | null;
};

export type ExchangeLimits = {
  /** Until the answer begins. */
  headersTimeoutMs: number;
  /** Until the last byte of the body is there, from the start. */
  totalTimeoutMs: number;
  /** Of a body, decompressed. */
  maxBodyBytes: number;
};

/** `fault`: no whole answer. `isUnsent`: the server certainly never saw the request. */
export type Exchange =
  | { kind: 'answer'; status: number; headers: Headers; text: string; answeredAt: number }
  | { kind: 'fault'; isUnsent: boolean; cause: unknown }
  | { kind: 'too_large' };

/** One request and its whole answer over HTTP. Rejects only when the caller's signal aborts. */
export async function exchange(
  dispatcher: Dispatcher,
  http: HttpRequest,
  limits: ExchangeLimits,
  clock: Clock,
  signal: AbortSignal,
): Promise<Exchange> {
  const { controller, unlink } = linkSignals(signal);
  const headersTimer = abortAfter(controller, clock, limits.headersTimeoutMs, 'the answer did not begin');
  const totalTimer = abortAfter(controller, clock, limits.totalTimeoutMs, 'the answer did not end');
  try {
    const { url, ...options } = http;
    const response = await request(url, { ...options, dispatcher, signal: controller.signal });
    headersTimer.abort();
    const answeredAt = clock.monotonic();
    const { statusCode: status, headers, body } = response;
    const text = await decode(await readAll(body, limits.maxBodyBytes), headers, limits.maxBodyBytes);
    return { kind: 'answer', status, headers, text, answeredAt };
  } catch (error) {
    signal.throwIfAborted();
    if (isTooLarge(error)) return { kind: 'too_large' };
    const cause = controller.signal.aborted ? controller.signal.reason : error;
    return { kind: 'fault', isUnsent: isUnsent(cause), cause };
  } finally {
    headersTimer.abort();
    totalTimer.abort();
    unlink();
  }
}

/** Aborts the exchange when the time is over; aborting what it returns stops the timer. */
function abortAfter(exchange: AbortController, clock: Clock, ms: number, what: string): AbortController {
  const timer = new AbortController();
  clock.sleep(ms, timer.signal).then(
    () => exchange.abort(new Error(`${what} within ${ms} ms`)),
    () => {},
  );
  return timer;
}

class TooLargeError extends Error {}

async function readAll(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLargeError();
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

type Decompress = (data: InputType, options: ZlibOptions) => Promise<Buffer>;

const decompressors: Record<string, Decompress> = {
  gzip: promisify<InputType, ZlibOptions, Buffer>(gunzip),
  br: promisify<InputType, ZlibOptions, Buffer>(brotliDecompress),
};

export const ACCEPTED_ENCODINGS = 'gzip, br';

async function decode(body: Buffer, headers: Headers, maxBytes: number): Promise<string> {
  const encoding = headers['content-encoding'];
  if (body.length === 0 || encoding === undefined || encoding === 'identity') return body.toString('utf8');
  const decompress = typeof encoding === 'string' ? decompressors[encoding] : undefined;
  if (!decompress)
    throw new Error(`answered in the encoding ${String(encoding).slice(0, 40)}, which was not asked for`);
  return (await decompress(body, { maxOutputLength: maxBytes })).toString('utf8');
}

function isTooLarge(error: unknown): boolean {
  return error instanceof TooLargeError || codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
}

/** Faults of the way to the server, before anything of the request was written. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function isUnsent(error: unknown): boolean {
  return unsentCodes.has(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
