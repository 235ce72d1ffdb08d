import type { Context } from 'hono';
import type { Viewer } from '../access/viewer.ts';
import { readSessionCookie } from './cookies.ts';
import { ProblemError } from './problem.ts';
import type { Services } from './services.ts';

/**
 * Who asks: by an API token (`Authorization: Bearer`), else by the session's cookie; null: nobody who is known.
 * @throws ProblemError `token_invalid` for a token that is none: whoever sends one must hear that it does not count
 */
export async function authenticate(c: Context, { access, origin }: Services): Promise<Viewer | null> {
  const authorization = c.req.header('Authorization');
  if (authorization !== undefined) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    const viewer = token === undefined ? null : await access.viewerOfToken(token);
    if (viewer === null) throw invalidToken();
    return viewer;
  }
  const secret = readSessionCookie(c, origin);
  return secret === null ? null : access.viewerOfSession(secret);
}

function invalidToken(): ProblemError {
  return new ProblemError({
    status: 401,
    code: 'token_invalid',
    title: 'This API token is not valid',
    detail: 'It was revoked, has expired, or is none. Make a new one on the page "Account".',
  });
}
