import { describe, expect, test } from 'vitest';
import { createApiToken, findApiToken } from '../../src/access/api-tokens.ts';
import type { LoginServices } from '../../src/access/login-services.ts';
import { endAllSessions, endSession, findSession, listSessions } from '../../src/access/sessions.ts';
import { sql } from '../../src/db/database.ts';
import { ids } from '../sandbox/small-world.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LoginStage, openLoginStage } from './login-stage.ts';

const TOKEN_ROUTE = 'POST /oauth2/token';
const OTHER_KEY = 'another secret key, of 32 characters';

/** As if the access token were that old. */
async function ageToken({ db }: LoginStage, secsLeft: number): Promise<void> {
  await db.query(sql`update discord_grants set expires_at = now() + make_interval(secs => ${secsLeft})`);
}

/** Asks Discord who the member is, with their token. */
async function askName(services: Pick<LoginServices, 'grants'>) {
  return services.grants.use(ids.member, async (user, signal) => (await user.getUser(signal)).username);
}

const mira = { kind: 'done', result: 'mira' };

/** Exchanges of codes and of refresh tokens. */
async function exchanges({ sandbox }: LoginStage): Promise<number> {
  return (await sandbox.requests())[TOKEN_ROUTE] ?? 0;
}

async function hasGrant({ db }: LoginStage): Promise<boolean> {
  return (await db.query(sql`select from discord_grants`)).length > 0;
}

describe('a token that has nearly run out', () => {
  test('is exchanged for another one, once', async () => {
    const stage = await openLoginStage();
    await stage.logIn();
    expect(await askName(stage)).toEqual(mira);
    expect(await exchanges(stage)).toBe(1);
    await ageToken(stage, 299);
    expect(await askName(stage)).toEqual(mira);
    expect(await exchanges(stage)).toBe(2);
    const [grant] = await stage.db.query<{ lasts: boolean }>(sql`
      select expires_at > now() + interval '6 days' as lasts from discord_grants`);
    expect(grant).toEqual({ lasts: true });
    expect(await askName(stage)).toEqual(mira);
    expect(await exchanges(stage)).toBe(2);
  });

  test('is exchanged once, whoever asks at once, in whichever process', async () => {
    const stage = await openLoginStage();
    const other = await stage.openAnother();
    const { secret } = await stage.logIn();
    for (const secsLeft of [200, -5]) {
      await ageToken(stage, secsLeft);
      const before = await exchanges(stage);
      await stage.sandbox.control('latency', { ms: 150 });
      const asked = [stage, other, stage, other, stage, other, stage].map(askName);
      expect(await Promise.all(asked)).toEqual(asked.map(() => mira));
      await stage.sandbox.control('latency', { ms: 0 });
      await waitFor(async () => (await exchanges(stage)) > before);
      expect(await exchanges(stage)).toBe(before + 1);
    }
    expect(await findSession(stage, secret)).not.toBeNull();
  });

  test('is exchanged for few users at once, so that the database stays free for others', async () => {
    const stage = await openLoginStage();
    const users = [ids.member, ids.manager, ids.owner, ids.outsider];
    for (const id of users) await stage.logIn(id);
    await ageToken(stage, -5);
    await stage.sandbox.control('latency', { ms: 1_500 });
    const uses = Promise.all(users.map((id) => stage.grants.use(id, async () => 'done')));
    let held = 0;
    await waitFor(async () => {
      const idle = await stage.db.query(sql`
        select from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`);
      held = Math.max(held, idle.length);
      return held > 0 && idle.length === 0;
    });
    expect(held).toBe(3);
    expect(await uses).toEqual(users.map(() => ({ kind: 'done', result: 'done' })));
  });

  test('is exchanged once for each use where Discord gives tokens that hardly last', async () => {
    const stage = await openLoginStage();
    await stage.sandbox.control('token-life', { secs: 60 });
    await stage.logIn();
    expect(await askName(stage)).toEqual(mira);
    expect(await askName(stage)).toEqual(mira);
    expect(await exchanges(stage)).toBe(3);
  });

  test('is not lost when whoever asked goes away', async () => {
    const stage = await openLoginStage();
    const { secret } = await stage.logIn();
    await ageToken(stage, -5);
    await stage.sandbox.control('latency', { ms: 200 });
    const gone = new AbortController();
    const asked = stage.grants.use(ids.member, async (user, signal) => user.getUser(signal), gone.signal);
    await waitFor(async () => (await exchanges(stage)) > 1);
    gone.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(await askName(stage)).toEqual(mira);
    expect(await exchanges(stage)).toBe(2);
    expect(await findSession(stage, secret)).not.toBeNull();
  });

  test('is kept when the database is lost just after Discord gave the next one', async () => {
    const stage = await openLoginStage();
    await stage.logIn();
    await ageToken(stage, -5);
    await stage.sandbox.control('latency', { ms: 200 });
    const asked = askName(stage);
    await waitFor(async () => {
      const cut = await stage.db.query(sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and state = 'idle in transaction'`);
      return cut.length > 0;
    });
    expect(await asked).toEqual(mira);
    await stage.sandbox.control('latency', { ms: 0 });
    await ageToken(stage, -5);
    expect(await askName(stage)).toEqual(mira);
  });
});

describe('a grant that the user took back', () => {
  test.each<[string, number]>([
    ['at the next use of its token', 3_600],
    ['at its next refresh', 100],
    ['at its next refresh, when its token has run out', -1],
  ])('ends all sessions of the user, and theirs alone: %s', async (_, secsLeft) => {
    const stage = await openLoginStage();
    const mine = [await stage.logIn(), await stage.logIn()];
    const other = await stage.logIn(ids.outsider);
    const wish = { name: 'script', scope: 'read' as const, expiresInDays: null };
    const token = await createApiToken(stage.db, ids.member, wish);
    if (token.kind !== 'created') throw new Error(token.kind);
    await stage.sandbox.control('end-authorization', { user_id: ids.member });
    await ageToken(stage, secsLeft);
    expect(await askName(stage)).toEqual({ kind: 'no_grant' });
    for (const { secret } of mine) expect(await findSession(stage, secret)).toBeNull();
    expect(await findSession(stage, other.secret)).not.toBeNull();
    expect(await findApiToken(stage.db, token.secret)).toMatchObject({ userId: ids.member });
    expect(await askName(stage)).toEqual({ kind: 'no_grant' });
    await stage.logIn();
    expect(await askName(stage)).toEqual(mira);
  });

  test('does not take along the next one', async () => {
    const stage = await openLoginStage();
    await stage.logIn();
    await stage.sandbox.control('end-authorization', { user_id: ids.member });
    const outcome = stage.grants.use(ids.member, async (user, signal) => {
      const again = await stage.logIn();
      await user.getUser(signal);
      return again;
    });
    expect(await outcome).toEqual({ kind: 'unavailable' });
    expect(await listSessions(stage, ids.member)).not.toEqual([]);
    expect(await askName(stage)).toEqual(mira);
  });
});

describe('an outage of Discord', () => {
  test.each<[string, Record<string, unknown>]>([
    ['5xx', { kind: 'answer', status: 503 }],
    ['too many requests', { kind: 'answer', status: 429, body: { message: 'slow down', retry_after: 1 } }],
    ['no answer', { kind: 'hang' }],
    ['a connection that breaks', { kind: 'close' }],
    ['a page of a guard', { kind: 'answer', status: 403, body: '<html>no</html>' }],
    ['another idea of our secret', { kind: 'answer', status: 401, body: { error: 'invalid_client' } }],
  ])('ends nothing: %s', async (_, fault) => {
    const stage = await openLoginStage(fault.kind === 'hang' ? { oauthTimeoutMs: 1_500 } : {});
    const { secret } = await stage.logIn();
    await ageToken(stage, -1);
    await stage.sandbox.control('fail', { route: '/oauth2/token', ...fault });
    expect(await askName(stage)).toEqual({ kind: 'unavailable' });
    await ageToken(stage, 100); // still good: it is used on
    await stage.sandbox.control('fail', { route: '/oauth2/token', ...fault });
    expect(await askName(stage)).toEqual(mira);
    await stage.sandbox.control('fail', { route: '/users/@me', count: 2, ...fault, status: 500 });
    if (fault.kind !== 'hang') expect(await askName(stage)).toEqual({ kind: 'unavailable' });
    await stage.sandbox.control('clear-faults');
    expect(await findSession(stage, secret)).not.toBeNull();
    await ageToken(stage, -1);
    expect(await askName(stage)).toEqual(mira);
  });
});

test('of a refresh whose answer was lost nobody knows the tokens: the user has to log in again', async () => {
  const stage = await openLoginStage();
  const { secret } = await stage.logIn();
  await ageToken(stage, 100);
  await stage.sandbox.control('fail', { route: '/oauth2/token', kind: 'truncated' });
  expect(await askName(stage)).toEqual(mira);
  expect(await findSession(stage, secret)).not.toBeNull();
  expect(await askName(stage)).toEqual({ kind: 'no_grant' });
  expect(await findSession(stage, secret)).toBeNull();
});

describe('a change of the secret key', () => {
  test('leaves grants readable with the former key, and writes them anew', async () => {
    const stage = await openLoginStage({ secretKey: OTHER_KEY });
    await stage.logIn();
    const keyId = async () =>
      (await stage.db.query<{ id: string }>(sql`select key_id as id from discord_grants`))[0]?.id;
    const formerId = await keyId();
    const both = await stage.openAnother({ formerSecretKeys: [OTHER_KEY] });
    expect(await askName(both)).toEqual(mira);
    expect(await keyId()).not.toBe(formerId);
    const after = await stage.openAnother();
    expect(await askName(after)).toEqual(mira);
    expect(await exchanges(stage)).toBe(1);
  });

  test('without the former one means to log in again', async () => {
    const stage = await openLoginStage();
    const { secret } = await stage.logIn();
    const other = await stage.openAnother({ secretKey: OTHER_KEY });
    expect(await askName(other)).toEqual({ kind: 'no_grant' });
    expect(await findSession(stage, secret)).toBeNull();
    expect(stage.lines.join('')).toContain('sealed with a key that is gone');
  });

  test('and a row that was put under another user opens for nobody', async () => {
    const stage = await openLoginStage();
    await stage.logIn(ids.owner);
    await stage.logIn();
    await stage.db.query(sql`
      update discord_grants set (key_id, access_token, refresh_token) =
        (select key_id, access_token, refresh_token from discord_grants where user_id = ${ids.owner})
      where user_id = ${ids.member}`);
    expect(await askName(stage)).toEqual({ kind: 'no_grant' });
    expect(await stage.grants.use(ids.owner, async () => 'fine')).toEqual({ kind: 'done', result: 'fine' });
  });
});

describe('a logout', () => {
  /** Whom the sandbox knows to have authorized us. */
  async function authorizations({ sandbox }: LoginStage): Promise<string[]> {
    const { authorizations: all } = await sandbox.control('authorizations');
    return (all as { user_id: string }[]).map(({ user_id }) => user_id);
  }

  test('ends one session; the last one gives the grant back', async () => {
    const stage = await openLoginStage();
    const first = await stage.logIn();
    const second = await stage.logIn();
    expect(await endSession(stage, ids.member, first.session.id)).toBe(true);
    expect(await findSession(stage, first.secret)).toBeNull();
    expect(await authorizations(stage)).toEqual([ids.member]);
    expect(await askName(stage)).toEqual(mira);
    expect(await endSession(stage, ids.member, second.session.id)).toBe(true);
    expect(await authorizations(stage)).toEqual([]);
    expect(await hasGrant(stage)).toBe(false);
    expect(await endSession(stage, ids.member, second.session.id)).toBe(false);
  });

  test('everywhere ends all', async () => {
    const stage = await openLoginStage();
    const logins = [await stage.logIn(), await stage.logIn(), await stage.logIn()];
    const other = await stage.logIn(ids.outsider);
    await endAllSessions(stage, ids.member);
    for (const { secret } of logins) expect(await findSession(stage, secret)).toBeNull();
    expect(await findSession(stage, other.secret)).not.toBeNull();
    expect(await authorizations(stage)).toEqual([ids.outsider]);
  });

  test.each([{ kind: 'answer', status: 500 }, { kind: 'close' }])(
    'holds also when Discord does not take the grant back: %j',
    async (fault) => {
      const stage = await openLoginStage();
      const { secret } = await stage.logIn();
      await stage.sandbox.control('fail', { route: '/oauth2/token/revoke', ...fault });
      await endAllSessions(stage, ids.member);
      expect(await findSession(stage, secret)).toBeNull();
      expect(await hasGrant(stage)).toBe(false);
      expect(stage.lines.join('')).toContain('did not take the grant of a user back');
    },
  );

  test('waits for Discord no longer than three seconds', async () => {
    const stage = await openLoginStage({ oauthTimeoutMs: 20_000 });
    await stage.logIn();
    await stage.sandbox.control('fail', { route: '/oauth2/token/revoke', kind: 'hang' });
    const began = performance.now();
    await endAllSessions(stage, ids.member);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(await listSessions(stage, ids.member)).toEqual([]);
    await waitFor(() => stage.lines.join('').includes('did not take the grant of a user back'));
  });
});
