import { thumbHashToDataURL } from 'thumbhash';

const CACHE_SIZE = 2_000; // a few kB each; rows come and go while scrolling
const cache = new Map<string, string | null>();

/** A ThumbHash (base64) as the address of a small picture; null when there is none or it is broken. */
export function placeholderUrl(placeholder: string | null): string | null {
  if (placeholder === null) return null;
  const known = cache.get(placeholder);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_SIZE) cache.clear();
  const url = decode(placeholder);
  cache.set(placeholder, url);
  return url;
}

function decode(placeholder: string): string | null {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(placeholder), (char) => char.charCodeAt(0)));
  } catch {
    return null; // it came with a message, and anybody can write one
  }
}
