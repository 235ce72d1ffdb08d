import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { getGuild } from '../../src/db/guilds.ts';
import { consumeInstallIntent, createInstallIntent } from '../../src/db/install-intents.ts';
import { deleteUser, ensureUser, getUser, upsertUserFromLogin } from '../../src/db/users.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addGuild, newId } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

function profile(discordUserId: string, username: string) {
  return { discordUserId, username, globalName: null, avatar: null };
}

test('a login makes the user, and the next login takes the new profile over', async () => {
  const { db } = database;
  const id = newId();
  const first = await upsertUserFromLogin(db, { ...profile(id, 'ada'), globalName: 'Ada', avatar: 'a1' });
  expect(first).toMatchObject({ discordUserId: id, username: 'ada', globalName: 'Ada', avatar: 'a1' });
  expect(first.lastLoginAt).toBeInstanceOf(Date);

  await db.query(sql`update users set last_login_at = '2020-01-01' where discord_user_id = ${id}`);
  const second = await upsertUserFromLogin(db, profile(id, 'ada2'));
  expect(second).toMatchObject({ id: first.id, username: 'ada2', globalName: null, avatar: null });
  expect(Number(second.lastLoginAt)).toBeGreaterThan(Date.parse('2021-01-01'));
  expect(await getUser(db, id)).toEqual(second);
});

test('a bare owner becomes a full user by logging in, and stays one when met as an owner again', async () => {
  const { db } = database;
  const id = newId();
  await ensureUser(db, id);
  expect(await getUser(db, id)).toMatchObject({ username: null, lastLoginAt: null });
  const user = await upsertUserFromLogin(db, profile(id, 'grace'));
  await ensureUser(db, id);
  expect(await getUser(db, id)).toEqual(user);
});

test('returning visitors and known owners use up no numbers of the serial', async () => {
  const { db } = database;
  const id = newId();
  const first = await upsertUserFromLogin(db, profile(id, 'ada'));
  for (let round = 0; round < 5; round++) {
    await upsertUserFromLogin(db, profile(id, 'ada'));
    await ensureUser(db, id);
    await addGuild(db, { ownerUserId: id });
  }
  const next = await upsertUserFromLogin(db, profile(newId(), 'bob'));
  expect(next.id).toBe(first.id + 1);
});

test('first logins at once make one user', async () => {
  const { db } = database;
  const id = newId();
  const names = Array.from({ length: 10 }, (_, index) => `name${index}`);
  const users = await Promise.all(names.map((name) => upsertUserFromLogin(db, profile(id, name))));
  expect(new Set(users.map((user) => user.id)).size).toBe(1);
  expect(await db.query(sql`select id from users where discord_user_id = ${id}`)).toHaveLength(1);
});

test('hostile names are stored as they are, less the NUL that PostgreSQL refuses', async () => {
  const { db } = database;
  const id = newId();
  const name = `'); drop table users; -- "\\ \u202e 🎬 \0{}%_$1`;
  const user = await upsertUserFromLogin(db, { ...profile(id, name), globalName: '\ud800lone' });
  expect(user.username).toBe(name.replace('\0', ''));
  expect(user.globalName).toBe('\ufffdlone');
});

test('deleting a user leaves their guilds without an owner and takes their intents along', async () => {
  const { db } = database;
  const id = newId();
  await ensureUser(db, id);
  const guildId = await addGuild(db, { ownerUserId: id });
  const { state } = await createInstallIntent(db, { userId: id, guildId, ttlSeconds: 60 });
  expect(await deleteUser(db, id)).toBe(true);
  expect(await deleteUser(db, id)).toBe(false);
  expect(await getUser(db, id)).toBeNull();
  expect((await getGuild(db, guildId))?.ownerUserId).toBeNull();
  expect(await consumeInstallIntent(db, { state, userId: id, guildId })).toBeNull();
});
