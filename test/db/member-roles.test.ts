import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { getMemberRoles, upsertMemberRoles } from '../../src/db/member-roles.ts';
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
