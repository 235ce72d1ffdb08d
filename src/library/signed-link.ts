import type { FreshLink, StoredLink } from '../db/video-links.ts';
import { linkExpiry } from './extract-videos.ts';
import { readList, readRecord, readUrl } from './wire-values.ts';

/** A link is handed out only while it lives longer than this: a viewer must be able to begin and seek a little. */
export const LINK_MARGIN_MS = 5 * 60_000;

const SIGNATURE_PARAMETERS = ['ex', 'is', 'hm'];
const URL_MAX_LENGTH = 4096;

/** True while the stored link can be handed out as it is. A link without an expiry never ends. */
export function isUsable(expiresAt: Date | null, now: number): boolean {
  return expiresAt === null || expiresAt.getTime() - now > LINK_MARGIN_MS;
}

/** The link of `file` under its newly signed `url`; null when that is no address or has ended already. */
export function renewLink(file: StoredLink, url: unknown, proxyUrl: unknown, now: number): FreshLink | null {
  const fresh = readUrl(url, URL_MAX_LENGTH);
  if (fresh === null) return null;
  const expiry = linkExpiry(fresh);
  const expiresAt = expiry === null ? null : new Date(expiry);
  if (expiresAt !== null && expiresAt.getTime() <= now) return null;
  return {
    messageId: file.message_id,
    id: file.id,
    url: fresh,
    proxyUrl: readUrl(proxyUrl, URL_MAX_LENGTH) ?? signLike(fresh, file.proxy_url),
    expiresAt,
  };
}

/** The attachments of a message and of what it forwards, by id, with their links as Discord just signed them. */
export function attachmentsOf(message: unknown): Map<string, { url: unknown; proxyUrl: unknown }> {
  const wire = readRecord(message);
  const snapshots = readList(wire.message_snapshots).map((snapshot) =>
    readRecord(readRecord(snapshot).message),
  );
  const attachments = [...snapshots, wire].flatMap((holder) => readList(holder.attachments).map(readRecord));
  return new Map(
    attachments.map((attachment) => [
      String(attachment.id),
      { url: attachment.url, proxyUrl: attachment.proxy_url },
    ]),
  );
}

/** The media proxy serves the same path under the same signature; another path keeps what it has. */
function signLike(url: string, proxyUrl: string | null): string | null {
  if (proxyUrl === null) return null;
  const signed = new URL(url);
  const proxied = new URL(proxyUrl);
  if (signed.pathname !== proxied.pathname) return proxyUrl;
  for (const name of SIGNATURE_PARAMETERS) {
    const value = signed.searchParams.get(name);
    if (value !== null) proxied.searchParams.set(name, value);
  }
  return proxied.href;
}
