import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { isAbortError } from '../../lib/errors.ts';
import type { Answer } from './answer.ts';

const gzipAsync = promisify(gzip);
/** Below this, compression costs more than it saves. */
const LEAST_GZIP_BYTES = 1024;

/**
 * How far an answer gets: all of it, half and then nothing more, half and a closed connection, half as if whole, or all
 * and a connection that is closed although it was to be kept.
 */
export type Delivery = 'whole' | 'stall' | 'cut' | 'truncated' | 'hang-up';

export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  delivery: Delivery = 'whole',
): Promise<void> {
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.statusCode = answer.status;
  if (!answer.body) {
    response.end();
  } else if (answer.body.kind === 'text') {
    response.setHeader('content-type', answer.body.contentType);
    await sendText(request, response, answer.body.text, delivery);
  } else {
    response.setHeader('content-type', answer.body.contentType);
    response.setHeader('content-length', answer.body.sizeBytes);
    if (request.method === 'HEAD') response.end();
    else await sendStream(response, answer.body.open());
  }
}

async function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  delivery: Delivery,
): Promise<void> {
  let bytes = Buffer.from(text);
  if (delivery === 'truncated') bytes = bytes.subarray(0, bytes.length >> 1);
  if (bytes.length >= LEAST_GZIP_BYTES && acceptsGzip(request)) {
    bytes = await gzipAsync(bytes, { level: constants.Z_BEST_SPEED });
    response.setHeader('content-encoding', 'gzip');
  }
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('content-length', bytes.length);
  if (request.method === 'HEAD') response.end();
  else if (delivery === 'stall') response.write(bytes.subarray(0, bytes.length >> 1));
  else if (delivery === 'cut') response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  else if (delivery === 'hang-up') response.end(bytes, () => request.socket.destroy());
  else response.end(bytes);
}

/** A player that seeks closes the connection in the middle: that is no fault. */
async function sendStream(response: ServerResponse, stream: Readable): Promise<void> {
  try {
    await pipeline(stream, response);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ECONNRESET' && !isAbortError(error)) throw error;
  }
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
}
