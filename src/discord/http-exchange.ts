import { brotliDecompressSync, gunzipSync, type ZlibOptions } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Clock } from '../lib/clock.ts';
import type { Headers } from './rate-limit.ts';

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  origin: string;
  /** With the query. */
  path: string;
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

export type ExchangeOptions = {
  limits: ExchangeLimits;
  clock: Clock;
  signal: AbortSignal;
  /** Told when the request is written to its socket, which may be later than asked for. */
  onLeave: () => void;
};

/** One request and its whole answer over HTTP. Rejects only when the caller's signal aborts. */
export function exchange(
  dispatcher: Dispatcher,
  http: HttpRequest,
  options: ExchangeOptions,
): Promise<Exchange> {
  const { signal } = options;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(options, (result) => {
      signal.removeEventListener('abort', abort);
      resolve(result);
    });
    const abort = () => {
      handler.abandon(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      dispatcher.dispatch(http, handler);
    } catch (error) {
      handler.fail(error);
    }
  });
}

class TooLargeError extends Error {}

/**
 * Collects one answer. undici's own handler interface and one timer: a stream, a promise and an abort
 * controller for each request would cost a fifth of what reading a page of messages takes in all.
 */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #settle: (result: Exchange) => void;
  #controller: Dispatcher.DispatchController | null = null;
  #timer: NodeJS.Timeout;
  #isOver = false;
  #status: number | null = null; // null until the answer begins
  #headers: Headers = {};
  #answeredAt = 0;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(options: ExchangeOptions, settle: (result: Exchange) => void) {
    this.#options = options;
    this.#settle = settle;
    this.#timer = setTimeout(() => this.#checkBegun(), options.limits.headersTimeoutMs);
  }

  /** Ends the exchange without telling anybody. */
  abandon(reason: unknown): void {
    this.#end();
    this.#controller?.abort(reason instanceof Error ? reason : new Error('aborted'));
  }

  fail(cause: unknown): void {
    if (this.#isOver) return;
    this.abandon(cause);
    const isUnsent = this.#controller === null;
    this.#settle(isTooLarge(cause) ? { kind: 'too_large' } : { kind: 'fault', isUnsent, cause });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('ended before it was sent'));
    else this.#options.onLeave();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return; // informational: the answer is yet to come
    this.#answeredAt = this.#options.clock.monotonic();
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#options.limits.maxBodyBytes) this.fail(new TooLargeError());
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver || this.#status === null) return;
    try {
      const body =
        this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks);
      const text = decode(body, this.#headers, this.#options.limits.maxBodyBytes);
      this.#end();
      this.#settle({
        kind: 'answer',
        status: this.#status,
        headers: this.#headers,
        text,
        answeredAt: this.#answeredAt,
      });
    } catch (error) {
      this.fail(error);
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  #checkBegun(): void {
    const { headersTimeoutMs, totalTimeoutMs } = this.#options.limits;
    if (this.#status === null || totalTimeoutMs <= headersTimeoutMs) this.#late('begin', headersTimeoutMs);
    else this.#timer = setTimeout(() => this.#late('end', totalTimeoutMs), totalTimeoutMs - headersTimeoutMs);
  }

  #late(what: 'begin' | 'end', ms: number): void {
    this.fail(new Error(`the answer did not ${what} within ${ms} ms`));
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

/** On this thread: handing a page over to another and back costs more than the millisecond that it takes. */
const decompressors: Record<string, (body: Buffer, options: ZlibOptions) => Buffer> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
};

const CHUNK_BYTES = 128 * 1024; // most pages decompress into one, which then needs no copy
export const ACCEPTED_ENCODINGS = 'gzip, br';

function decode(body: Buffer, headers: Headers, maxOutputLength: number): string {
  const encoding = headers['content-encoding'];
  if (body.length === 0 || encoding === undefined || encoding === 'identity') return body.toString('utf8');
  const decompress = typeof encoding === 'string' ? decompressors[encoding] : undefined;
  if (!decompress)
    throw new Error(`answered in the encoding ${String(encoding).slice(0, 40)}, which was not asked for`);
  return decompress(body, { maxOutputLength, chunkSize: CHUNK_BYTES }).toString('utf8');
}

function isTooLarge(error: unknown): boolean {
  return (
    error instanceof TooLargeError ||
    (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
  );
}
