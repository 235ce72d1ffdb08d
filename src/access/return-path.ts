const MAX_LENGTH = 500; // characters; our own addresses are far shorter, and it has to fit into a cookie
const ANY_ORIGIN = 'http://clipdex.invalid';
/** A login must not lead into the next one. */
const CLOSED = /^\/auth(\/|$)/i;

/**
 * Where a login returns to: the given path (with query and fragment) when it is one of ours whatever a browser or a proxy
 * makes of it, else "/".
 */
export function safeReturnPath(text: string): string {
  if (text.length > MAX_LENGTH || !text.startsWith('/')) return '/';
  if (/[\p{Cc}\\]/u.test(text)) return '/'; // browsers drop some of these, and read a backslash as a slash
  if (!URL.canParse(text, ANY_ORIGIN)) return '/';
  const url = new URL(text, ANY_ORIGIN);
  if (url.origin !== ANY_ORIGIN) return '/';
  const decoded = decode(url.pathname);
  if (decoded === null || /\/\/|\\|[\p{Cc}]/u.test(decoded) || CLOSED.test(decoded)) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}

/** Null for a broken encoding. */
function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
