import { randomUUID } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isLoopback } from '../lib/loopback.ts';
import { ProblemError, sendProblem } from './problem.ts';

export type Variables = { requestId: string };

const MAX_BODY_BYTES = 64 * 1024; // settings of a guild with every format are below 2 kB
const MAX_URL_CHARS = 4_000; // the longest that is ours: an OAuth callback
const YEAR_SECS = 31_536_000;

/** Gives each request an id, for its log lines and its problem document. */
export const identifyRequest: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
  const requestId = randomUUID();
  c.set('requestId', requestId);
  c.header('X-Request-Id', requestId);
  await next();
};

/** Asked by load balancers and orchestrators, which know a process by its address alone; they hold nothing of anybody's. */
const probedPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/**
 * Only our own names are served: those of this machine, and that of PUBLIC_URL. A page elsewhere whose name was made to
 * resolve to us (DNS rebinding) still sends its own name, and is refused.
 */
export function requireOwnName(publicUrl: string | null): MiddlewareHandler {
  const publicHost = publicUrl === null ? null : new URL(publicUrl).host;
  return async (c, next) => {
    const { hostname, host } = new URL(c.req.url);
    if (!isLoopback(hostname) && host !== publicHost && !probedPaths.has(c.req.path)) {
      throw new ProblemError({
        status: 421,
        code: 'host_not_allowed',
        title: 'This name is not served',
        detail:
          'Clipdex is served under the address that PUBLIC_URL names, and under the names of this machine, such as ' +
          'localhost or 127.0.0.1.',
      });
    }
    await next();
  };
}

export const limitUrl: MiddlewareHandler = async (c, next) => {
  if (c.req.url.length > MAX_URL_CHARS) {
    throw new ProblemError({
      status: 414,
      code: 'url_too_long',
      title: 'The address is too long',
      detail: `At most ${MAX_URL_CHARS} characters are read.`,
    });
  }
  await next();
};

export const limitBody: MiddlewareHandler = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: (c) =>
    sendProblem(
      c,
      new ProblemError({
        status: 413,
        code: 'body_too_large',
        title: 'The body is too large',
        detail: `At most ${MAX_BODY_BYTES / 1024} kB are read.`,
      }),
    ),
});

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A page elsewhere can make a browser send us anything, with our cookies: whatever changes something must come from our
 * own pages, or carry a token, which no browser adds by itself. Browsers tell where a request comes from in
 * Sec-Fetch-Site, older ones in Origin; what tells neither is no browser's, and must carry a token.
 */
export function requireOwnPage(isSecure: boolean, publicUrl: string | null): MiddlewareHandler {
  const publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin;
  return async (c, next) => {
    const isByToken = c.req.header('Authorization') !== undefined;
    if (!safeMethods.has(c.req.method) && !isByToken && !isOwnPage(c, isSecure, publicOrigin)) {
      throw new ProblemError({
        status: 403,
        code: 'cross_origin',
        title: 'This request comes from elsewhere',
        detail:
          'Changes are taken from our own pages, which browsers tell by Sec-Fetch-Site or Origin. Scripts use an API ' +
          'token, as "Authorization: Bearer …".',
      });
    }
    await next();
  };
}

/** A proxy may pass another Host on than browsers name; PUBLIC_URL is what they name. */
function isOwnPage(c: Context, isSecure: boolean, publicOrigin: string | null): boolean {
  const site = c.req.header('Sec-Fetch-Site');
  if (site !== undefined) return site === 'same-origin';
  const origin = c.req.header('Origin');
  if (origin === undefined) return false;
  return origin === publicOrigin || origin === `${isSecure ? 'https' : 'http'}://${c.req.header('Host')}`;
}

/** Nothing runs, loads or frames but our own files, and videos and stills from the CDN. */
export function secureHeaders(cdnOrigins: readonly string[], isSecure: boolean): MiddlewareHandler {
  const cdn = cdnOrigins.join(' ');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `img-src 'self' data: ${cdn}`, // data: ThumbHashes, which the page decodes itself
    `media-src 'self' ${cdn}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  return async (c, next) => {
    c.header('Content-Security-Policy', policy);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    if (isSecure) c.header('Strict-Transport-Security', `max-age=${YEAR_SECS}`);
    await next();
  };
}

/** What depends on the viewer is kept by nobody, unless an action says for how long its viewer may. */
export const keepPrivate: MiddlewareHandler = async (c, next) => {
  c.header('Cache-Control', 'private, no-store');
  await next();
};
