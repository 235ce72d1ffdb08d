import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database, type Queryable, sql } from '../../src/db/database.ts';
import {
  consumeInstallIntent,
  createInstallIntent,
  type InstallIntent,
  purgeInstallIntents,
} from '../../src/db/install-intents.ts';
import { ensureUser } from '../../src/db/users.ts';
import { createLogger } from '../../src/lib/log.ts';
import { administer, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newId } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function addIntent(db: Queryable, ttlSeconds = 600): Promise<InstallIntent> {
  const userId = newId();
  await ensureUser(db, userId);
  return createInstallIntent(db, { userId, guildId: newId(), ttlSeconds });
}

/** Moves the intent into the past, so that it expired so many seconds ago. */
async function expireBefore(db: Queryable, { state }: InstallIntent, seconds: number): Promise<void> {
  await db.query(sql`
    update install_intents set expires_at = (now() at time zone 'utc') - make_interval(secs => ${seconds})
    where state = ${state}`);
}

test('a state cannot be guessed, and is never the same twice', async () => {
  const { db } = database;
  const intents = await Promise.all(Array.from({ length: 20 }, () => addIntent(db)));
  expect(new Set(intents.map((intent) => intent.state)).size).toBe(20);
  for (const { state } of intents) {
    expect(state).toMatch(/^[\w-]+$/);
    expect(Buffer.from(state, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
  }
});

test('an intent is used up by its own user and guild, once', async () => {
  const { db } = database;
  const intent = await addIntent(db);
  const other = await addIntent(db);
  for (const wrong of [
    { ...intent, state: other.state },
    { ...intent, userId: other.userId },
    { ...intent, guildId: other.guildId },
    { ...intent, state: `${intent.state.toLowerCase()} ` },
    { ...intent, state: "' or '1'='1", userId: '\0', guildId: '%' },
  ]) {
    expect(await consumeInstallIntent(db, wrong)).toBeNull();
  }
  expect(await consumeInstallIntent(db, intent)).toEqual(intent);
  expect(await consumeInstallIntent(db, intent)).toBeNull();
});

test('of many who use one intent up at once exactly one does', async () => {
  const { db } = database;
  for (let round = 0; round < 10; round++) {
    const intent = await addIntent(db);
    const results = await Promise.all(Array.from({ length: 8 }, () => consumeInstallIntent(db, intent)));
    expect(results.filter((result) => result !== null)).toEqual([intent]);
  }
});

test('an expired intent is worth nothing', async () => {
  const { db } = database;
  const intent = await addIntent(db);
  await expireBefore(db, intent, 0.001);
  expect(await consumeInstallIntent(db, intent)).toBeNull();
});

test('the purge deletes what expired before the grace, and counts it', async () => {
  const { db } = database;
  await db.query(sql`delete from install_intents`);
  const [live, inGrace, ...expired] = await Promise.all(Array.from({ length: 5 }, () => addIntent(db)));
  if (!live || !inGrace) throw new Error('no intents');
  await expireBefore(db, inGrace, 290);
  for (const intent of expired) await expireBefore(db, intent, 310);
  expect(await purgeInstallIntents(db, 300)).toBe(3);
  expect(await purgeInstallIntents(db, 300)).toBe(0);
  const left = await db.query<{ state: string }>(sql`select state from install_intents`);
  expect(left.map((row) => row.state).toSorted()).toEqual([live.state, inGrace.state].toSorted());
});

test('an intent of an unknown user is an error', async () => {
  const wish = { userId: newId(), guildId: newId(), ttlSeconds: 60 };
  await expect(createInstallIntent(database.db, wish)).rejects.toMatchObject({ code: '23503' });
});

/** Each is far enough from UTC that a local time taken for UTC would be hours wrong, once to either side. */
test.each(['Pacific/Auckland', 'America/Los_Angeles'])('times are right on a server in %s', async (zone) => {
  await using elsewhere = await createTestDatabase();
  const name = new URL(elsewhere.url).pathname.slice(1);
  await administer(`alter database ${name} set timezone to '${zone}'`);
  const ours = new Database(elsewhere.url, createLogger('error'));
  const foreign = new pg.Client(elsewhere.url);
  await foreign.connect();
  try {
    expect((await foreign.query('show timezone')).rows).toEqual([{ TimeZone: zone }]);
    expect(await ours.query(sql`show timezone`)).toEqual([{ TimeZone: 'UTC' }]);

    const before = Date.now();
    const intent = await addIntent(ours, 600);
    expect(Math.abs(Number(intent.createdAt) - before)).toBeLessThan(60_000);
    expect(Number(intent.expiresAt) - Number(intent.createdAt)).toBe(600_000);
    expect(await consumeInstallIntent(ours, intent)).toEqual(intent);

    // The statements say UTC themselves: they hold even on a connection in the server's own zone.
    const inZone: Queryable = { query: async (statement) => (await foreign.query(statement)).rows };
    const made = await addIntent(inZone, 600);
    const [raw] = await ours.query<InstallIntent>(sql`
      select created_at as "createdAt", expires_at as "expiresAt" from install_intents where state = ${made.state}`);
    expect(Math.abs(Number(raw?.createdAt) - Date.now())).toBeLessThan(60_000);
    expect(await purgeInstallIntents(inZone, 0)).toBe(0);
    expect(await consumeInstallIntent(inZone, made)).toMatchObject({ state: made.state });

    const expired = await addIntent(ours, 600);
    await expireBefore(ours, expired, 1);
    expect(await consumeInstallIntent(inZone, expired)).toBeNull();
    expect(await purgeInstallIntents(inZone, 0)).toBe(1);
  } finally {
    await foreign.end();
    await ours.close();
  }
});
