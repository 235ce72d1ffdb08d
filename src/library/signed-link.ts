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

/**
 * The link of `file` under its newly signed `url`; null when that is no address or has ended already, or when its
 * still would be left with the old signature. Without a `proxyUrl` the stored one is signed like `url`.
 */
export function renewLink(file: StoredLink, url: unknown, proxyUrl: unknown, now: number): FreshLink | null {
  const fresh = readUrl(url, URL_MAX_LENGTH);
  if (fresh === null) return null;
  const expiry = linkExpiry(fresh);
  const expiresAt = expiry === null ? null : new Date(expiry);
  if (expiresAt !== null && expiresAt.getTime() <= now) return null;
  const freshProxy = readUrl(proxyUrl, URL_MAX_LENGTH) ?? signLike(fresh, file.proxy_url);
  if (freshProxy === null && file.proxy_url !== null) return null;
  return { messageId: file.message_id, id: file.id, url: fresh, proxyUrl: freshProxy, expiresAt };
}

/** The attachments of a message and of what it forwards, by id, with their links as Discord just signed them. */
export function attachmentsOf(message: unknown): Map<string, { url: unknown; proxyUrl: unknown }> {
  const attachments = holdersOf(message).flatMap((holder) => readList(holder.attachments).map(readRecord));
  return new Map(
    attachments.map((attachment) => [
      String(attachment.id),
      { url: attachment.url, proxyUrl: attachment.proxy_url },
    ]),
  );
}

/**
 * Whether Discord shows us what people wrote and attached here. Without the message content intent it answers the
 * same message with neither, so only a message that shows one of them proves what it lacks to be gone.
 */
export function showsTextOrFile(message: unknown): boolean {
  return holdersOf(message).some(
    ({ content, attachments }) =>
      (typeof content === 'string' && content !== '') || readList(attachments).length > 0,
  );
}

/** What carries files in a message: the messages that it forwards, and the message itself. */
function holdersOf(message: unknown): Record<string, unknown>[] {
  const wire = readRecord(message);
  const snapshots = readList(wire.message_snapshots).map((snapshot) =>
    readRecord(readRecord(snapshot).message),
  );
  return [...snapshots, wire];
}

/** The media proxy takes the signature of the file, whose path its own ends with; null when it does not. */
function signLike(url: string, proxyUrl: string | null): string | null {
  if (proxyUrl === null) return null;
  const signed = new URL(url);
  const proxied = new URL(proxyUrl);
  if (!proxied.pathname.endsWith(signed.pathname)) return null;
  for (const name of SIGNATURE_PARAMETERS) {
    const value = signed.searchParams.get(name);
    if (value !== null) proxied.searchParams.set(name, value);
  }
  return proxied.href;
}
