import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { isLoopback } from './may-serve.ts';
import { ProblemError } from './problem.ts';

export type Variables = { requestId: string };

/** Gives each request an id, for its log lines and its problem document. */
export const identifyRequest: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
  const requestId = randomUUID();
  c.set('requestId', requestId);
  c.header('X-Request-Id', requestId);
  await next();
};

/**
 * Only names of this machine are served. A page elsewhere whose name was made to resolve to 127.0.0.1 (DNS
 * rebinding) still sends its own name, and is refused: there is no login yet that would keep it out.
 */
export const requireLocalName: MiddlewareHandler = async (c, next) => {
  const { hostname } = new URL(c.req.url);
  if (!isLoopback(hostname)) {
    throw new ProblemError({
      status: 421,
      code: 'host_not_allowed',
      title: 'This name is not served',
      detail: 'Clipdex is served only under the names of this machine, such as localhost or 127.0.0.1.',
    });
  }
  await next();
};

/** Nothing runs, loads or frames but our own files, and videos and stills from the CDN. */
export function secureHeaders(cdnOrigins: readonly string[]): MiddlewareHandler {
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
    await next();
  };
}
