import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createApiToken,
  findApiToken,
  listApiTokens,
  MAX_API_TOKENS,
  revokeApiToken,
  type TokenWish,
} from '../../src/access/api-tokens.ts';
import { createSession, findSession } from '../../src/access/sessions.ts';
import { sql } from '../../src/db/database.ts';
import { deleteSession, listSessions } from '../../src/db/sessions.ts';
import { deleteUser, ensureUser } from '../../src/db/users.ts';
import { newId } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const life = { days: 30, idleDays: 7 };
const script: TokenWish = { name: 'script', scope: 'read', expiresInDays: null };

/** What somebody may send in place of an id or a secret. */
const nonsense = ['', 'x', '\0', "' or true --", '00000000-0000-4000-8000-000000000000', 'ü'.repeat(1_000)];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function addUser(): Promise<string> {
  const id = newId();
  await ensureUser(database.db, id);
  return id;
}

async function logIn(userId: string, userAgent: string | null = null) {
  return createSession(database.db, { userId, userAgent, life });
}

async function find(secret: string) {
  return findSession({ db: database.db, sessionLife: life }, secret);
}

/** As if so much time had passed since the session was used, or would pass before it ends. */
async function moveSession(id: string, { idleFor = '0', endsIn = '30 days' }): Promise<void> {
  await database.db.query(sql`
    update sessions
    set last_seen_at = now() - ${idleFor}::interval, expires_at = now() + ${endsIn}::interval
    where id = ${id}`);
}

describe('a session', () => {
  test('is found by its secret, of which only a hash is stored', async () => {
    const userId = await addUser();
    const { secret, session } = await logIn(userId, 'Browser/1.0');
    expect(await find(secret)).toEqual(session);
    expect(session.expiresAt.getTime() - session.createdAt.getTime()).toBe(30 * 86_400_000);
    const rows = await database.db.query<{ hash: Buffer }>(sql`select secret_hash as hash from sessions`);
    expect(rows.map(({ hash }) => hash.toString('base64url'))).not.toContain(secret);
    for (const wrong of [...nonsense, secret.slice(1), `${secret} `, session.id]) {
      expect(await find(wrong)).toBeNull();
    }
  });

  test('ends some days after the login, however much it is used', async () => {
    const { secret, session } = await logIn(await addUser());
    await moveSession(session.id, { endsIn: '1 second' });
    expect(await find(secret)).not.toBeNull();
    await moveSession(session.id, { endsIn: '0' });
    expect(await find(secret)).toBeNull();
    expect(await listSessions(database.db, session.userId, life)).toEqual([]);
  });

  test('ends when it was not used for days', async () => {
    const { secret, session } = await logIn(await addUser());
    await moveSession(session.id, { idleFor: '6 days 23:59:50' });
    expect(await find(secret)).not.toBeNull();
    await moveSession(session.id, { idleFor: '7 days' });
    expect(await find(secret)).toBeNull();
    expect(await listSessions(database.db, session.userId, life)).toEqual([]);
  });

  test('is noted as seen, once a minute', async () => {
    const { secret, session } = await logIn(await addUser());
    const seen = async () => (await find(secret))?.lastSeenAt.getTime() ?? 0;
    const first = await seen();
    await Promise.all([seen(), seen(), seen()]);
    expect(await seen()).toBe(first);
    await moveSession(session.id, { idleFor: '59 seconds' });
    const before = await seen();
    expect(await seen()).toBe(before);
    await moveSession(session.id, { idleFor: '61 seconds' });
    const old = await seen();
    expect((await seen()) - old).toBeGreaterThan(60_000);
  });

  test('is ended by its own user alone', async () => {
    const { secret, session } = await logIn(await addUser());
    const { userId } = session;
    expect(await deleteSession(database.db, await addUser(), session.id)).toBe(false);
    for (const wrong of nonsense) expect(await deleteSession(database.db, userId, wrong)).toBe(false);
    expect(await find(secret)).not.toBeNull();
    expect(await deleteSession(database.db, userId, session.id)).toBe(true);
    expect(await find(secret)).toBeNull();
  });

  test('keeps of what a browser calls itself as much as a list can show', async () => {
    const userId = await addUser();
    expect((await logIn(userId, `\0${'ü'.repeat(300)}`)).session.userAgent).toBe('ü'.repeat(200));
    expect((await logIn(userId, null)).session.userAgent).toBeNull();
  });

  test('makes room for the next one when a user has fifty', async () => {
    const userId = await addUser();
    const { db } = database;
    const first = await logIn(userId);
    await db.query(
      sql`update sessions set created_at = created_at - interval '1 day' where user_id = ${userId}`,
    );
    const other = await logIn(await addUser());
    const later = [];
    for (let count = 0; count < 49; count += 1) later.push(await logIn(userId));
    expect(await find(first.secret)).not.toBeNull();
    later.push(await logIn(userId));
    expect(await find(first.secret)).toBeNull();
    expect(await listSessions(db, userId, life)).toHaveLength(50);
    expect(await find(other.secret)).not.toBeNull();
  });

  test('goes with its user', async () => {
    const { secret, session } = await logIn(await addUser());
    await deleteUser(database.db, session.userId);
    expect(await find(secret)).toBeNull();
  });
});

describe('an API token', () => {
  async function make(userId: string, wish: Partial<TokenWish> = {}) {
    const created = await createApiToken(database.db, userId, { ...script, ...wish });
    if (created.kind !== 'created') throw new Error(created.kind);
    return created;
  }

  test('is shown once, and found by its secret', async () => {
    const userId = await addUser();
    const { secret, token } = await make(userId, { name: 'nightly \0 backup', scope: 'manage' });
    expect(secret).toMatch(/^clipdex_[\w-]{43}$/);
    expect(token).toMatchObject({
      name: 'nightly  backup',
      scope: 'manage',
      lastUsedAt: null,
      expiresAt: null,
    });
    expect(await findApiToken(database.db, secret)).toEqual(token);
    const listed = await listApiTokens(database.db, userId);
    expect(listed).toEqual([{ ...token, lastUsedAt: expect.any(Date) }]);
    expect(JSON.stringify(listed)).not.toContain(secret.slice(8));
    const bare = secret.slice('clipdex_'.length);
    for (const wrong of [
      ...nonsense,
      bare,
      secret.slice(0, -1),
      `${secret}x`,
      secret.toUpperCase(),
      token.id,
    ]) {
      expect(await findApiToken(database.db, wrong)).toBeNull();
    }
  });

  test('is noted as used, once a minute', async () => {
    const { secret, token } = await make(await addUser());
    const use = async () => (await findApiToken(database.db, secret))?.lastUsedAt?.getTime() ?? 0;
    expect(await use()).toBe(0);
    const first = await use();
    expect(first).toBeGreaterThan(0);
    expect(await use()).toBe(first);
    await database.db.query(sql`
      update api_tokens set last_used_at = now() - interval '61 seconds' where id = ${token.id}`);
    const old = await use();
    expect((await use()) - old).toBeGreaterThan(60_000);
  });

  test('ends at its time, or when it is revoked by its own user', async () => {
    const userId = await addUser();
    const { secret, token } = await make(userId, { expiresInDays: 366 });
    expect((token.expiresAt?.getTime() ?? 0) - token.createdAt.getTime()).toBe(366 * 86_400_000);
    await database.db.query(sql`update api_tokens set expires_at = now() where id = ${token.id}`);
    expect(await findApiToken(database.db, secret)).toBeNull();
    const other = await make(userId);
    expect(await revokeApiToken(database.db, await addUser(), other.token.id)).toBe(false);
    for (const wrong of nonsense) expect(await revokeApiToken(database.db, userId, wrong)).toBe(false);
    expect(await findApiToken(database.db, other.secret)).not.toBeNull();
    expect(await revokeApiToken(database.db, userId, other.token.id)).toBe(true);
    expect(await findApiToken(database.db, other.secret)).toBeNull();
    expect(await listApiTokens(database.db, userId)).toEqual([]);
  });

  test('is one of fifty at most', async () => {
    const userId = await addUser();
    for (let count = 0; count < MAX_API_TOKENS; count += 1) await make(userId);
    expect(await createApiToken(database.db, userId, script)).toEqual({ kind: 'too_many' });
    await database.db.query(sql`
      update api_tokens set expires_at = now()
      where id = (select id from api_tokens where user_id = ${userId} limit 1)`);
    await make(userId);
  });

  test('has a name and an end within bounds', async () => {
    const userId = await addUser();
    for (const wish of [
      { name: '' },
      { name: 'x'.repeat(101) },
      { expiresInDays: 0 },
      { expiresInDays: 367 },
    ]) {
      await expect(make(userId, wish)).rejects.toThrow(RangeError);
    }
  });
});
