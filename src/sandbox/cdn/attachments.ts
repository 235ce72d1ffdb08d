import { createHash } from 'node:crypto';
import { type Answer, text } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import type { WorldAttachment } from '../world.ts';
import { type FileBody, fileBody } from './file-body.ts';
import { readRange } from './range.ts';

/** As Discord sends it; the query with its signature is part of what is cached. */
const CACHE_CONTROL = 'public, max-age=31536000';
const typesByExtension: Record<string, string> = {
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  avi: 'video/x-msvideo',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  txt: 'text/plain; charset=utf-8',
  pdf: 'application/pdf',
};

export async function serveAttachment(sandbox: Sandbox, request: ApiRequest): Promise<Answer> {
  const attachment = findSigned(sandbox, request);
  if (!attachment) return gone();
  return sendFile(request, await fileBody(attachment), contentTypeOf(attachment), attachment.id);
}

/** The file of a link, if its signature is good and its message still there. */
export function findSigned({ state }: Sandbox, request: ApiRequest): WorldAttachment | undefined {
  const { channel: channelId = '', attachment: attachmentId = '', filename = '' } = request.params;
  if (!state.links.isValid({ channelId, attachmentId, filename }, request.query)) return undefined;
  const placed = state.attachments.get(attachmentId);
  return placed?.channelId === channelId && placed.attachment.filename === filename
    ? placed.attachment
    : undefined;
}

export function gone(): Answer {
  return text('This content is no longer available.', 404);
}

/** Whole, in part, or not at all when the client has it. */
export function sendFile(request: ApiRequest, body: FileBody, contentType: string, id: string): Answer {
  const etag = `"${createHash('md5').update(`${id} ${body.sizeBytes}`).digest('hex')}"`;
  const headers = { etag, 'accept-ranges': 'bytes', 'cache-control': CACHE_CONTROL };
  if (request.headers['if-none-match'] === etag) return { status: 304, headers };
  const ifRange = request.headers['if-range'];
  const rangeHeader = ifRange === undefined || ifRange === etag ? request.headers.range : undefined;
  const range = readRange(rangeHeader, body.sizeBytes);
  if (range.kind === 'unsatisfiable') {
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${body.sizeBytes}` } };
  }
  const [first, last] = range.kind === 'part' ? [range.first, range.last] : [0, body.sizeBytes - 1];
  return {
    status: range.kind === 'part' ? 206 : 200,
    headers: {
      ...headers,
      ...(range.kind === 'part' && { 'content-range': `bytes ${first}-${last}/${body.sizeBytes}` }),
    },
    body: {
      kind: 'stream',
      contentType,
      sizeBytes: last - first + 1,
      open: () => body.open(first, last),
    },
  };
}

export function contentTypeOf({ content_type, filename }: WorldAttachment): string {
  const extension = filename.split('.').at(-1)?.toLowerCase() ?? '';
  return content_type ?? typesByExtension[extension] ?? 'application/octet-stream';
}
