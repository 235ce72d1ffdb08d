import { createApiToken } from '../../../src/access/api-tokens.ts';
import type { Stage } from './stage.ts';
import { addSession, forgetLimits, type Viewer } from './viewers.ts';

/**
 * What `own-cases.ts` leaves out, as it ends sessions: one of them, this one, and all of them. Each is to end for its owner
 * alone. Answers what went otherwise.
 */
export async function endOwnSessions(stage: Stage, viewer: Viewer): Promise<string[]> {
  const { db } = stage;
  const differences: string[] = [];
  const others = stage.viewers.filter(({ userId, by }) => by === 'session' && userId !== viewer.userId);
  const tokens = stage.viewers.filter(({ userId, by }) => by === 'token' && userId === viewer.userId);
  const check = async (what: string, who: Viewer, method: string, path: string, status: number) => {
    await forgetLimits(db);
    const headers = { ...who.headers, 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(`${stage.url}${path}`, { method, headers });
    await answer.arrayBuffer();
    if (answer.status !== status) differences.push(`${what}: ${answer.status} instead of ${status}`);
  };
  const isIn = (what: string, who: Viewer, is: boolean) => check(what, who, 'GET', '/api/me', is ? 200 : 401);

  const ended = await addSession(db, viewer);
  await check('ends one', viewer, 'DELETE', `/api/sessions/${ended.id}`, 204);
  await isIn('the one that was ended', ended.viewer, false);
  await isIn('the one that ended it', viewer, true);

  const left = await addSession(db, viewer);
  await check('logs out', left.viewer, 'POST', '/auth/logout', 204);
  await isIn('the one that logged out', left.viewer, false);
  await isIn('another of the same user', viewer, true);

  const token = await createApiToken(db, viewer.userId ?? '', {
    name: 'spare',
    scope: 'read',
    expiresInDays: 1,
  });
  if (token.kind !== 'created') throw new Error(token.kind);
  const script: Viewer = { ...viewer, by: 'token', headers: { authorization: `Bearer ${token.secret}` } };
  await isIn('a token', script, true);
  await check('revokes it', viewer, 'DELETE', `/api/tokens/${token.token.id}`, 204);
  await isIn('a token that was revoked', script, false);

  const last = await addSession(db, viewer);
  await check('ends all', viewer, 'DELETE', '/api/sessions', 204);
  await isIn('the one that ended all', viewer, false);
  await isIn('another of the same user', last.viewer, false);
  for (const one of tokens) await isIn(`the ${one.name}`, one, true);
  for (const one of others) await isIn(`the session of ${one.name}`, one, true);
  stage.viewers = stage.viewers.filter((one) => !(one.userId === viewer.userId && one.by === 'session'));
  return differences;
}
