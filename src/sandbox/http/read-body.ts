import type { IncomingMessage } from 'node:http';
import { ApiError, invalidJson } from './api-error.ts';

/** More than any request needs that carries no files; files are not accepted. */
const MAX_BODY_BYTES = 1024 * 1024;

/** The parsed body: JSON as it is, a form as its fields, nothing as undefined. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new ApiError(413, 40005, 'Request entity too large');
    chunks.push(bytes);
  }
  if (sizeBytes === 0) return undefined;
  const text = Buffer.concat(chunks).toString();
  const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (contentType === 'application/json') return parseJson(text);
  if (contentType === 'application/x-www-form-urlencoded')
    return Object.fromEntries(new URLSearchParams(text));
  throw new ApiError(
    400,
    50035,
    'Expected "Content-Type" header to be one of {"application/json", "application/x-www-form-urlencoded"}.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidJson();
  }
}
