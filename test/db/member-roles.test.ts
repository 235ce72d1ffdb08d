import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { getMemberRoles, listMemberRoles, upsertMemberRoles } from '../../src/db/member-roles.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addGuild } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("a member's roles are kept with the time of reading", async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  expect(await getMemberRoles(db, guildId, '7')).toBeNull();
  await upsertMemberRoles(db, guildId, '7', ['1', '2']);
  await db.query(sql`update member_roles set read_at = '2020-01-01' where guild_id = ${guildId}`);
  await upsertMemberRoles(db, guildId, '7', []);
  const roles = await getMemberRoles(db, guildId, '7');
  expect(roles).toEqual({ guildId, userId: '7', roleIds: [], readAt: expect.any(Date) });
  expect(Number(roles?.readAt)).toBeGreaterThan(Date.parse('2021-01-01'));
});

test('the members of one guild are listed by id as a number', async () => {
  const { db } = database;
  const [guildId, other] = [await addGuild(db), await addGuild(db)];
  await upsertMemberRoles(db, guildId, '1000', ['5']);
  await upsertMemberRoles(db, guildId, '999', []);
  await upsertMemberRoles(db, other, '1', []);
  const members = await listMemberRoles(db, guildId);
  expect(members.map(({ userId, roleIds }) => [userId, roleIds])).toEqual([
    ['999', []],
    ['1000', ['5']],
  ]);
});
