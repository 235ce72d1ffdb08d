import type { FreshLink, StoredLink } from '../db/video-links.ts';
import { URL_MAX_LENGTH } from './found-files.ts';
import { readUrl } from './wire-values.ts';

/** A link is handed out only while it lives longer than this: a viewer must be able to begin and seek a little. */
export const LINK_MARGIN_MS = 5 * 60_000;

const SIGNATURE_PARAMETERS = ['ex', 'is', 'hm'];

/** True while the stored link can be handed out as it is. A link without an expiry never ends. */
export function isUsable(expiresAt: Date | null, now: number): boolean {
  return expiresAt === null || expiresAt.getTime() - now > LINK_MARGIN_MS;
}

/**
 * When a signed link of Discord's CDN ends, from its own `ex` (hexadecimal seconds); null when it does not say.
 * How long links live is not promised by Discord, so nothing else is believed.
 */
export function linkExpiry(url: string): string | null {
  const [, expiry] = /[?&]ex=([0-9a-f]{1,8})(?:[&#]|$)/i.exec(url) ?? [];
  return expiry === undefined ? null : new Date(Number.parseInt(expiry, 16) * 1000).toISOString();
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
