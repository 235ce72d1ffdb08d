import { describe, expect, test } from 'vitest';
import { beginLogin, completeLogin } from '../../src/access/login.ts';
import { beginOauth } from '../../src/access/oauth-state.ts';
import { findSession } from '../../src/access/sessions.ts';
import { sql } from '../../src/db/database.ts';
import { getUser } from '../../src/db/users.ts';
import { ids } from '../sandbox/small-world.ts';
import { type LoginStage, openLoginStage, REDIRECT_URI } from './login-stage.ts';

const MINUTE_MS = 60_000;

/** Of what a login leaves behind. */
async function countRows({ db }: LoginStage): Promise<Record<string, number>> {
  const [row] = await db.query<Record<string, number>>(sql`
    select (select count(*)::int from users) as users, (select count(*)::int from sessions) as sessions,
      (select count(*)::int from discord_grants) as grants, (select count(*)::int from viewers) as viewers`);
  return row ?? {};
}

/** Names may come more than once. */
function queryOf(fields: Record<string, string[]>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(fields)) for (const value of values) query.append(name, value);
  return query;
}

const nothing = { users: 0, sessions: 0, grants: 0, viewers: 0 };

describe('a login', () => {
  test('ends with a session, the user, their guilds, and a grant that works', async () => {
    const stage = await openLoginStage();
    const outcome = await stage.complete(await stage.visit({ userId: ids.manager, returnTo: '/videos?q=a' }));
    if (outcome.kind !== 'logged_in') throw new Error(outcome.kind);
    expect(outcome).toMatchObject({ returnTo: '/videos?q=a', user: { discordUserId: ids.manager } });
    expect(outcome.secret).toMatch(/^[\w-]{43}$/);
    expect(await findSession(stage, outcome.secret)).toMatchObject({
      id: outcome.session.id,
      userId: ids.manager,
      userAgent: 'Browser/1.0',
    });
    const user = await getUser(stage.db, ids.manager);
    expect(user).toMatchObject({ username: 'manu', lastLoginAt: expect.any(Date) });
    const guilds = await stage.db.query(sql`
      select guild_id, name, is_owner, (permissions::bigint & 32) <> 0 as manages from viewer_guilds`);
    expect(guilds).toEqual([{ guild_id: ids.guild, name: 'Lighthouse', is_owner: false, manages: true }]);
    const name = await stage.grants.use(ids.manager, async (discord) => (await discord.getUser()).username);
    expect(name).toEqual({ kind: 'done', result: 'manu' });
  });

  test('leaves no secret in the database or the log', async () => {
    const stage = await openLoginStage();
    const visit = await stage.visit();
    const outcome = await stage.complete(visit);
    if (outcome.kind !== 'logged_in') throw new Error(outcome.kind);
    await stage.complete(visit);
    const dump = await stage.db.query<{ row: string }>(sql`
      select row_to_json(s)::text as row from sessions s
      union all select row_to_json(g)::text from discord_grants g
      union all select row_to_json(u)::text from users u`);
    const written = JSON.stringify([dump, stage.lines]);
    const { clientSecret, token } = stage.sandbox;
    for (const text of [outcome.secret, clientSecret, token, visit.query.get('code') ?? '', visit.cookie]) {
      expect(text.length).toBeGreaterThan(20);
      expect(written).not.toContain(text);
      expect(written).not.toContain(Buffer.from(text).toString('hex'));
    }
  });

  test('asks Discord for no more than it needs, and only with a challenge', async () => {
    const stage = await openLoginStage();
    const { url, cookie } = beginLogin(stage, { returnTo: '/', redirectUri: REDIRECT_URI });
    const { origin, pathname, searchParams: query } = new URL(url);
    expect(`${origin}${pathname}`).toBe(stage.sandbox.authorizeUrl);
    expect(Object.fromEntries(query)).toEqual({
      client_id: ids.application,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'identify guilds',
      prompt: 'none',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(cookie.length).toBeLessThan(4_000);
    expect(Buffer.from(cookie, 'base64url').toString('latin1')).not.toContain(query.get('state'));
  });

  test('does not return to other places', async () => {
    const stage = await openLoginStage();
    for (const returnTo of ['https://evil.example/', '//evil.example', '/auth/login']) {
      expect(await stage.complete(await stage.visit({ returnTo }))).toMatchObject({ returnTo: '/' });
    }
  });

  test('takes over what the user is called now, and the guilds that they are in now', async () => {
    const stage = await openLoginStage();
    await stage.logIn(ids.member);
    await stage.sandbox.control('remove-member', { guild_id: ids.guild, user_id: ids.member });
    await stage.sandbox.control('update-user', { user_id: ids.member, username: 'mirabelle' });
    await stage.logIn(ids.member);
    expect(await getUser(stage.db, ids.member)).toMatchObject({ username: 'mirabelle' });
    expect(await stage.db.query(sql`select from viewer_guilds`)).toEqual([]);
    expect(await countRows(stage)).toEqual({ users: 1, sessions: 2, grants: 1, viewers: 1 });
  });

  test('ends the session that the browser had: one that somebody planted opens nothing', async () => {
    const stage = await openLoginStage();
    const planted = await stage.logIn(ids.outsider);
    const visit = await stage.visit({ userId: ids.member });
    const outcome = await stage.complete({ ...visit, formerSecret: planted.secret });
    if (outcome.kind !== 'logged_in') throw new Error(outcome.kind);
    expect(outcome.secret).not.toBe(planted.secret);
    expect(await findSession(stage, planted.secret)).toBeNull();
    expect(await findSession(stage, outcome.secret)).toMatchObject({ userId: ids.member });
  });

  test('needs an application', async () => {
    const address = 'http://127.0.0.1:1';
    const discord = { apiUrl: address, authorizeUrl: address, clientId: ids.application, clientSecret: null };
    const stage = await openLoginStage({ discord });
    expect(() => beginLogin(stage, { returnTo: '/', redirectUri: REDIRECT_URI })).toThrowError(
      expect.objectContaining({ code: 'login_not_configured' }),
    );
  });
});

describe('no login', () => {
  test('when the user denies it', async () => {
    const stage = await openLoginStage();
    expect(await stage.complete(await stage.visit({ decision: 'deny' }))).toEqual({ kind: 'denied' });
    expect(await countRows(stage)).toEqual(nothing);
  });

  test('twice with one answer: Discord takes a code once', async () => {
    const stage = await openLoginStage();
    const visit = await stage.visit();
    expect(await stage.complete(visit)).toMatchObject({ kind: 'logged_in' });
    expect(await stage.complete(visit)).toEqual({ kind: 'refused' });
    expect(await countRows(stage)).toMatchObject({ sessions: 1 });
  });

  test('with the answer of another browser', async () => {
    const stage = await openLoginStage();
    const mine = await stage.visit();
    const theirs = await stage.visit({ userId: ids.outsider });
    // The attacker's answer in the victim's browser, after a login was begun there, or without.
    expect(await stage.complete({ ...mine, query: theirs.query })).toEqual({ kind: 'mismatched' });
    expect(await stage.complete({ ...theirs, cookie: null })).toEqual({ kind: 'expired' });
    // The attacker's code beside the victim's own state: its verifier is another one.
    const query = new URLSearchParams(mine.query);
    query.set('code', theirs.query.get('code') ?? '');
    expect(await stage.complete({ ...mine, query })).toEqual({ kind: 'refused' });
    expect(await countRows(stage)).toEqual(nothing);
  });

  test('without its state or code, with two, or with half of one', async () => {
    const stage = await openLoginStage();
    const visit = await stage.visit();
    const state = visit.query.get('state') ?? '';
    const wrongStates = [[], [''], [state, state], ['x', state], [state.slice(1)], [state.toLowerCase()]];
    for (const states of wrongStates) {
      const query = queryOf({ code: ['x'], state: states });
      expect(await stage.complete({ ...visit, query })).toEqual({ kind: 'mismatched' });
    }
    for (const codes of [[], [''], ['a', 'b']]) {
      const query = queryOf({ state: [state], code: codes });
      expect(await stage.complete({ ...visit, query })).toEqual({ kind: 'refused' });
    }
  });

  test('after ten minutes', async () => {
    const stage = await openLoginStage();
    const late = await stage.visit();
    const soon = await stage.visit();
    stage.clock.jump(10 * MINUTE_MS - 5_000);
    expect(await stage.complete(soon)).toMatchObject({ kind: 'logged_in' });
    stage.clock.jump(5_000);
    expect(await stage.complete(late)).toEqual({ kind: 'expired' });
  });

  test('with a cookie that was changed, or made by somebody else or for something else', async () => {
    const stage = await openLoginStage();
    const other = await stage.openAnother({ secretKey: 'another secret key, of 32 characters' });
    const visit = await stage.visit();
    const changed = Buffer.from(visit.cookie, 'base64url');
    changed[changed.length - 20] = (changed.at(-20) ?? 0) ^ 1;
    const forged = beginLogin(other, { returnTo: '/', redirectUri: REDIRECT_URI }).cookie;
    const data = { returnTo: '/' };
    const install = beginOauth(stage, 'install', { redirectUri: REDIRECT_URI, data }).cookie;
    for (const cookie of ['', 'x', changed.toString('base64url'), forged, install]) {
      expect(await stage.complete({ ...visit, cookie })).toEqual({ kind: 'expired' });
    }
    expect(await stage.complete(visit)).toMatchObject({ kind: 'logged_in' });
  });

  test('with less than it needs: the user has taken a scope out of the address', async () => {
    const stage = await openLoginStage();
    const { url, cookie } = beginLogin(stage, { returnTo: '/', redirectUri: REDIRECT_URI });
    const lessened = url.replace('identify+guilds', 'identify');
    expect(lessened).not.toBe(url);
    const query = await stage.decide(lessened);
    const outcome = await stage.complete({ cookie, query, userAgent: null, formerSecret: null });
    expect(outcome).toEqual({ kind: 'refused' });
    expect(await countRows(stage)).toEqual(nothing);
  });

  test('when Discord says so', async () => {
    const stage = await openLoginStage();
    const visit = await stage.visit();
    const state = visit.query.get('state') ?? '';
    for (const [fields, kind] of [
      [{ error: 'server_error' }, 'unavailable'],
      [{ error: 'temporarily_unavailable' }, 'unavailable'],
      [{ error: 'invalid_scope' }, 'refused'],
      [{ error: 'access_denied', code: 'x' }, 'denied'],
      [{ error: '', code: 'x' }, 'refused'],
    ] as const) {
      const query = new URLSearchParams({ ...fields, state });
      expect(await stage.complete({ ...visit, query })).toEqual({ kind });
    }
  });

  test.each<[string, Record<string, unknown>]>([
    ['/oauth2/token', { kind: 'answer', status: 503, body: '<html>' }],
    ['/oauth2/token', { kind: 'close' }],
    ['/users/@me', { kind: 'answer', status: 500, count: 4 }],
    ['/users/@me/guilds', { kind: 'close', count: 2 }],
    ['/users/@me/guilds', { kind: 'truncated', count: 2 }],
  ])('while %s is out of order: %j', async (route, fault) => {
    const stage = await openLoginStage();
    const visit = await stage.visit();
    await stage.sandbox.control('fail', { route, ...fault });
    expect(await stage.complete(visit)).toEqual({ kind: 'unavailable' });
    expect(await countRows(stage)).toEqual(nothing);
    expect(await stage.complete(await stage.visit())).toMatchObject({ kind: 'logged_in' });
  });

  test('while the database is away, which is no fault of Discord', async () => {
    const stage = await openLoginStage();
    const lost = await stage.openAnother({ db: await stage.openClosedDatabase() });
    const visit = await stage.visit();
    await expect(completeLogin(lost, visit)).rejects.toMatchObject({ code: 'database_unreachable' });
    expect(await countRows(stage)).toEqual(nothing);
  });
});
