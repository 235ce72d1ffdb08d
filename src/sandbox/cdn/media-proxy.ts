import { type Answer, text } from '../http/answer.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { contentTypeOf, findSigned, gone, sendFile, serveAttachment } from './attachments.ts';
import { stillBody } from './file-body.ts';
import { swatch } from './swatch.ts';

const imageFormats: ReadonlySet<string> = new Set(['webp', 'jpeg', 'png']);
/** As Discord's proxy: larger pictures are not made. */
const MAX_SIDE_PX = 4096;

/**
 * The media proxy. With `format`, `width` and `height` it renders a still of a video; the sandbox answers the still
 * that lies beside the clip, in its own size and as WebP. A format without dimensions is refused, as is a video that
 * no frame can be taken from. Without a format it serves the file.
 */
export async function serveMedia(sandbox: Sandbox, request: ApiRequest): Promise<Answer> {
  const attachment = findSigned(sandbox, request);
  if (!attachment) return gone();
  const contentType = contentTypeOf(attachment);
  if (!/^(video|image)\//.test(contentType)) return unsupported();
  const format = request.query.get('format');
  if (format === null) return serveAttachment(sandbox, request);
  if (!imageFormats.has(format) || !isSide(request, 'width') || !isSide(request, 'height'))
    return unsupported();
  if (contentType.startsWith('image/')) return swatch(attachment.filename);
  if (attachment.clip === undefined) return unsupported();
  return sendFile(request, await stillBody(attachment.clip), 'image/webp', `${attachment.id} still`);
}

function isSide(request: ApiRequest, name: string): boolean {
  const value = request.query.get(name) ?? '';
  return /^[1-9]\d{0,3}$/.test(value) && Number(value) <= MAX_SIDE_PX;
}

function unsupported(): Answer {
  return text('Unsupported Media Type', 415);
}
