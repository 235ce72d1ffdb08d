import { NAME_MAX_LENGTH, URL_MAX_LENGTH } from './found-files.ts';
import { linkExpiry } from './signed-link.ts';
import { readText, readUrl } from './wire-values.ts';

/**
 * Media that lie elsewhere than in Discord's own storage. A browser plays only Discord's copy (`proxy_url`); where
 * there is none, the video plays on its page, and `url` is that page's address. `original` as `readUrl` gave it.
 */
export function remoteLinks(original: string | null, proxyUrl: unknown, pageUrl: string | null) {
  const copy = readUrl(proxyUrl, URL_MAX_LENGTH);
  const page = pageUrl ?? original ?? copy;
  if (page === null) return null;
  return copy === null
    ? { url: page, proxyUrl: null, urlExpiresAt: null, pageUrl: page }
    : { url: copy, proxyUrl: copy, urlExpiresAt: linkExpiry(copy), pageUrl: page };
}

/** The last part of an address's path as a file name; the host where there is none. */
export function nameInUrl(url: string): string | null {
  const parts = bareUrl(url).split('/').slice(2); // after "https://": the host, then the path
  return readText(decoded(parts.findLast((part) => part !== '') ?? ''), NAME_MAX_LENGTH);
}

/** An address without its query, which holds a signature that changes: the same for the same file. */
export function bareUrl(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // somebody's stray percent sign
  }
}
