import { json } from '../http/answer.ts';
import { invalidForm } from '../http/api-error.ts';
import { type ApiRequest, bodyFields } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxState } from '../state.ts';

const MAX_URLS = 50;
const attachmentPath = /^(?:\/media)?\/attachments\/(\d+)\/(\d+)\/([^/]+)$/;

/** New signatures for links of ours, whatever state the old ones are in; others come back as they are. */
export function refreshUrls({ state }: Sandbox, request: ApiRequest) {
  const urls = bodyFields(request).attachment_urls;
  if (!Array.isArray(urls) || urls.length === 0 || urls.length > MAX_URLS) {
    throw invalidForm(
      'attachment_urls',
      'BASE_TYPE_BAD_LENGTH',
      `Must be between 1 and ${MAX_URLS} in length.`,
    );
  }
  const refreshed = urls.map((original: unknown, index) => {
    if (typeof original !== 'string' || !URL.canParse(original)) {
      throw invalidForm(`attachment_urls.${index}`, 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
    }
    return { original, refreshed: refreshUrl(state, new URL(original)) };
  });
  return json({ refreshed_urls: refreshed });
}

/** Null for what does not exist (any more). */
function refreshUrl(state: SandboxState, url: URL): string | null {
  if (url.origin !== state.baseUrl) return url.href;
  const [, channelId, attachmentId, encodedName] = attachmentPath.exec(url.pathname) ?? [];
  const found = attachmentId === undefined ? undefined : state.attachments.get(attachmentId);
  if (!found || !attachmentId || !encodedName || found.channelId !== channelId) return null;
  const { filename } = found.attachment;
  if (encodedName !== encodeURIComponent(filename)) return null;
  return `${url.origin}${url.pathname}${state.links.sign({ channelId, attachmentId, filename })}`;
}
