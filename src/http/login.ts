import { z } from 'zod';
import type { LoginOutcome } from '../access/login.ts';
import {
  dropLoginCookie,
  dropSessionCookie,
  readLoginCookie,
  readSessionCookie,
  setLoginCookie,
  setSessionCookie,
} from './cookies.ts';
import { action, openAction } from './door.ts';
import { ownUrl } from './own-url.ts';

const MAX_PATH_LENGTH = 500;

/** Sends the browser to Discord; it comes back to the callback. */
export const logIn = openAction({
  summary: 'Logs in with Discord',
  query: { return_to: z.string().max(MAX_PATH_LENGTH, `at most ${MAX_PATH_LENGTH} characters`).optional() },
  answer: null,
  status: 302,
  handle({ access, publicUrl, origin }, { query, context }) {
    const { url, cookie } = access.beginLogin({
      returnTo: query.return_to ?? '/',
      redirectUri: ownUrl(context, publicUrl, '/auth/callback'),
    });
    setLoginCookie(context, origin, cookie);
    return context.redirect(url, 302);
  },
});

/** What Discord sends along is read by the login itself: it is the browser's word, and checked against the cookie. */
export const callbackQuery = {
  code: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
  guild_id: z.string().optional(),
  permissions: z.string().optional(),
};

export const returnFromLogin = openAction({
  summary: 'Where Discord sends the browser after a login',
  query: callbackQuery,
  isQueryOpen: true,
  answer: null,
  status: 302,
  async handle({ access, origin }, { context }) {
    const outcome = await access.completeLogin({
      cookie: readLoginCookie(context, origin),
      query: new URL(context.req.url).searchParams,
      userAgent: context.req.header('User-Agent') ?? null,
      formerSecret: readSessionCookie(context, origin),
    });
    // Another answer than the one that is waited for ends nothing: that one may still come.
    if (outcome.kind !== 'mismatched') dropLoginCookie(context, origin);
    if (outcome.kind === 'logged_in') setSessionCookie(context, origin, outcome.secret);
    return context.redirect(placeAfter(outcome), 302);
  },
});

/** The page tells in words what went wrong, and offers to try again. */
function placeAfter(outcome: LoginOutcome): string {
  return outcome.kind === 'logged_in' ? outcome.returnTo : `/login?outcome=${outcome.kind}`;
}

export const logOut = action({
  summary: 'Logs this browser out',
  answer: null,
  status: 204,
  async handle({ access, origin }, { viewer, context }) {
    if (viewer.session !== null) await access.endSession(viewer, viewer.session);
    dropSessionCookie(context, origin);
    return undefined;
  },
});
