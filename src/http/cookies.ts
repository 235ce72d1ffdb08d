import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';

const DAY_SECS = 86_400;
/** As long as browsers keep a cookie at most; the session ends before, by the database. */
const SESSION_COOKIE_SECS = 400 * DAY_SECS;
/** The seal ends before, by its own time: an install may be given up to an hour. */
const LOGIN_COOKIE_SECS = 3_600;

/**
 * Where the page is reached. Over https its cookies bear the prefix `__Host-`, by which browsers make sure that no other
 * host, be it a sister below the same domain, has set them.
 */
export type Origin = { isSecure: boolean };

function sessionCookie({ isSecure }: Origin): string {
  return isSecure ? '__Host-clipdex-session' : 'clipdex-session';
}

/** What a browser keeps while it is away at Discord: the sealed state of that login or install. */
function loginCookie({ isSecure }: Origin): string {
  return isSecure ? '__Host-clipdex-login' : 'clipdex-login';
}

export function readSessionCookie(c: Context, origin: Origin): string | null {
  return readCookie(c, sessionCookie(origin));
}

export function readLoginCookie(c: Context, origin: Origin): string | null {
  return readCookie(c, loginCookie(origin));
}

/**
 * Of two with one name somebody else has set one, as over http any host of the same domain can, and nobody can tell
 * which: then neither counts.
 */
function readCookie(c: Context, name: string): string | null {
  const pairs = (c.req.header('Cookie') ?? '').split(';');
  const isLone = pairs.filter((pair) => pair.split('=', 1)[0]?.trim() === name).length === 1;
  return isLone ? (getCookie(c, name) ?? null) : null;
}

export function setSessionCookie(c: Context, origin: Origin, secret: string): void {
  setCookie(c, sessionCookie(origin), secret, { ...options(origin), maxAge: SESSION_COOKIE_SECS });
}

export function setLoginCookie(c: Context, origin: Origin, sealed: string): void {
  setCookie(c, loginCookie(origin), sealed, { ...options(origin), maxAge: LOGIN_COOKIE_SECS });
}

export function dropSessionCookie(c: Context, origin: Origin): void {
  deleteCookie(c, sessionCookie(origin), options(origin));
}

export function dropLoginCookie(c: Context, origin: Origin): void {
  deleteCookie(c, loginCookie(origin), options(origin));
}

/** `Lax`: Discord sends the browser back by a link, which must carry them. */
function options({ isSecure }: Origin): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure };
}
