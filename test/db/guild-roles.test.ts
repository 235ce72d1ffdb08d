import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  deleteGuildRole,
  type GuildRole,
  listGuildRoles,
  replaceGuildRoles,
  upsertGuildRole,
} from '../../src/db/guild-roles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addGuild } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const everyone: GuildRole = { id: '1000', name: '@everyone', permissions: 66_560n, position: 0 };
const all: GuildRole = { id: '999', name: `"all" \\ {NULL}`, permissions: 2n ** 64n - 1n, position: 1 };
const mods: GuildRole = { id: '50', name: 'mods', permissions: 2n ** 53n + 1n, position: 1 };

test('the roles of a list are the roles of the guild, with every permission bit', async () => {
  const { db } = database;
  const [guildId, other] = [await addGuild(db), await addGuild(db)];
  await replaceGuildRoles(db, other, [everyone]);
  await replaceGuildRoles(db, guildId, [all, everyone]);
  expect(await listGuildRoles(db, guildId)).toEqual([everyone, all]);

  const changed = { ...all, permissions: 0n, position: 5 };
  await replaceGuildRoles(db, guildId, [mods, changed, { ...mods, name: 'last\0' }]);
  expect(await listGuildRoles(db, guildId)).toEqual([{ ...mods, name: 'last' }, changed]);
  await replaceGuildRoles(db, guildId, []);
  expect(await listGuildRoles(db, guildId)).toEqual([]);
  expect(await listGuildRoles(db, other)).toEqual([everyone]);
});

test('a single role is made, changed and deleted', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  await replaceGuildRoles(db, guildId, [everyone]);
  await upsertGuildRole(db, guildId, mods);
  await upsertGuildRole(db, guildId, { ...mods, permissions: 2n ** 63n, name: 'new' });
  expect(await listGuildRoles(db, guildId)).toEqual([
    everyone,
    { ...mods, permissions: 2n ** 63n, name: 'new' },
  ]);
  await deleteGuildRole(db, guildId, mods.id);
  await deleteGuildRole(db, guildId, mods.id);
  expect(await listGuildRoles(db, guildId)).toEqual([everyone]);
});

test('lists told at once, in different orders, end as one of them', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const roles = Array.from({ length: 100 }, (_, index) => ({
    ...mods,
    id: String(index + 1),
    position: index,
  }));
  const lists = [roles, roles.toReversed(), roles, roles.toReversed()];
  await Promise.all(lists.map((list) => replaceGuildRoles(db, guildId, list)));
  expect(await listGuildRoles(db, guildId)).toEqual(roles);
});
