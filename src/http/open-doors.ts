import type { Context, Hono } from 'hono';
import type { Viewer } from '../access/viewer.ts';
import type { Sight } from '../db/sight.ts';
import { Shares } from '../lib/shares.ts';
import { authenticate } from './authenticate.ts';
import { checkLimits, tooMany } from './check-limits.ts';
import type { Action, Door, ManagerAction } from './door.ts';
import type { Variables } from './guards.ts';
import { readBody, readPath, readQuery } from './parameters.ts';
import { notFound, ProblemError } from './problem.ts';
import type { Services } from './services.ts';

/** Puts each door into the app, behind what its right and its limits ask for. */
export function openDoors(
  app: Hono<{ Variables: Variables }>,
  doors: readonly Door[],
  services: Services,
): void {
  const shares = new Shares({ limit: MAX_AT_ONCE, maxWaiting: MAX_WAITING });
  for (const each of doors) {
    app.on(each.method, each.path, async (c) => {
      const viewer = await identify(c, each, services);
      if (viewer === null) return enter(c, each, null, services);
      if (!(await shares.enter(viewer.userId))) throw tooMany(BUSY_RETRY_MS);
      return enter(c, each, viewer, services).finally(() => shares.leave(viewer.userId));
    });
  }
}

/** Requests of one viewer that are worked on at a time: the database has a dozen hands, and others want some too. */
const MAX_AT_ONCE = 6;
/** A page asks for 50 posters at once, and there may be several pages. */
const MAX_WAITING = 300;
const BUSY_RETRY_MS = 1_000;

/*
 * The way in: limits of the address → who it is → whether they may come in at all → limits of the viewer → their turn → what
 * they ask for → of a manager's door, whether they manage the guild → the action.
 */

async function identify(c: Context, each: Door, services: Services): Promise<Viewer | null> {
  await checkLimits(c, each, null, services);
  const viewer = await authenticate(c, services);
  if (each.right !== 'anyone') checkRight(each, viewer);
  if (viewer !== null) await checkLimits(c, each, viewer, services);
  return viewer;
}

async function enter(c: Context, each: Door, viewer: Viewer | null, services: Services): Promise<Response> {
  const { action } = each;
  const asked = {
    path: readPath(c, action.path),
    query: readQuery(c, action.query, action.isQueryOpen),
    body: action.body === null ? undefined : await readBody(c, action.body),
    viewer: viewer as Viewer, // null only behind doors for anyone, whose actions expect it
    sight: oncePerRequest(viewer, services),
    context: c,
  };
  if (each.right === 'manager') await checkManages(each.action as ManagerAction, asked, services);
  return answer(c, action, await action.handle(services, asked));
}

function checkRight({ method, right }: Door, viewer: Viewer | null): asserts viewer is Viewer {
  if (viewer === null) throw notLoggedIn();
  if (method !== 'GET' && viewer.scope === 'read') throw readOnlyToken();
  if (right === 'operator' && !viewer.isOperator) throw forOperators();
}

function oncePerRequest(viewer: Viewer | null, { access }: Services): () => Promise<Sight> {
  let sight: Promise<Sight> | undefined;
  return () => {
    if (viewer === null) throw notLoggedIn();
    sight ??= access.prepareSight(viewer);
    return sight;
  };
}

async function checkManages(
  action: ManagerAction,
  asked: Parameters<ManagerAction['guildOf']>[1],
  services: Services,
): Promise<void> {
  const guildId = await action.guildOf(services, asked);
  if (guildId === null) throw notFound('There is nothing here by that id.');
  switch (await services.access.mayManage(asked.viewer, guildId)) {
    case 'yes':
      return;
    case 'no':
      throw forManagers();
    case 'unknown':
      throw rightsUnknown();
  }
}

function answer(c: Context, { status }: Action | Action<Viewer | null>, value: unknown): Response {
  if (value instanceof Response) return value;
  if (value === undefined) return c.body(null, 204);
  return c.json(value as object, status === 204 || status === 302 ? 200 : status);
}

function notLoggedIn(): ProblemError {
  return new ProblemError({
    status: 401,
    code: 'not_logged_in',
    title: 'Nobody is logged in',
    detail:
      'Log in at /auth/login, or send an API token as "Authorization: Bearer …". Sessions and tokens expire.',
  });
}

function readOnlyToken(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'token_read_only',
    title: 'This token may only read',
    detail: 'Make an API token with the scope "manage" to change anything.',
  });
}

function forOperators(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'operators_only',
    title: 'Only for the operators of this instance',
    detail: 'Whoever runs the instance names them in OPERATOR_IDS.',
  });
}

function forManagers(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'manage_guild_missing',
    title: 'You do not manage this server',
    detail: 'This needs the permission Manage Server on Discord. Ask somebody who has it.',
  });
}

function rightsUnknown(): ProblemError {
  return new ProblemError({
    status: 503,
    code: 'discord_unavailable',
    title: 'Discord does not answer',
    detail: 'Whether you may manage this server cannot be asked now. Try again in a moment.',
    retryAfterMs: RIGHTS_RETRY_MS,
  });
}

const RIGHTS_RETRY_MS = 5_000;
