import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { expect, onTestFinished, test } from 'vitest';
import { upsertChannels } from '../../src/db/channels-sync.ts';
import { sql } from '../../src/db/database.ts';
import { getMemberRoles, storeMembers } from '../../src/db/member-roles.ts';
import { replaceViewerGuilds } from '../../src/db/viewer-guilds.ts';
import { applyEvents } from '../../src/ingest/apply-events.ts';
import { addGuild, newId, sampleChannel } from '../db/sample-rows.ts';
import { createTestDatabase } from '../support/database.ts';
import { BOT_ID } from '../support/other-discord-payloads.ts';

const shard = { shardId: 0, shardCount: 1, botUserId: BOT_ID, sessionId: 's1', readsJoinedBefore: 0 };

async function openStage() {
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  const { db } = database;
  const guildId = await addGuild(db);
  const userId = newId();
  await db.query(sql`insert into users (discord_user_id) values (${userId})`);
  await replaceViewerGuilds(db, userId, []);
  const member = { guildId, roleIds: ['100000000000000001'], timedOutUntil: null, askedAt: '2020-01-01' };
  await storeMembers(db, userId, [member]);
  const apply = (type: string, data: object) => {
    const event = { op: 0, s: 1, t: type, d: data } as unknown as GatewayDispatchPayload;
    return db.transaction((tx) => applyEvents(tx, [event], shard));
  };
  return { db, guildId, userId, apply };
}

test('events of members that make no sense are passed over', async () => {
  const { db, guildId, userId, apply } = await openStage();
  const parent = sampleChannel();
  const thread = sampleChannel({ type: 'private_thread', parentId: parent.id });
  await upsertChannels(db, guildId, [parent, thread]);
  for (const type of ['GUILD_MEMBER_ADD', 'GUILD_MEMBER_UPDATE', 'GUILD_MEMBER_REMOVE']) {
    for (const user of [undefined, null, 7, {}, { id: 5 }, { id: "1' or true" }]) {
      await apply(type, { guild_id: guildId, user, roles: [] });
    }
  }
  expect((await getMemberRoles(db, guildId, userId))?.roleIds).toEqual(['100000000000000001']);
  for (const members of [undefined, null, 'x', [null, {}, { user_id: 7 }, { user_id: 'a' }]]) {
    await apply('THREAD_MEMBERS_UPDATE', {
      id: thread.id,
      added_members: members,
      removed_member_ids: members,
    });
  }
  expect(await db.query(sql`select from thread_members`)).toEqual([]);
});

test('roles that make no sense are none, and a time-out that is not told of stays', async () => {
  const { db, guildId, userId, apply } = await openStage();
  const read = async () => {
    const rows = await db.query(sql`select role_ids, timed_out_until from member_roles`);
    return rows;
  };
  const until = '2030-01-01T00:00:00.000Z';
  const user = { id: userId };
  const event = { guild_id: guildId, user, roles: ['five', null, {}], communication_disabled_until: until };
  await apply('GUILD_MEMBER_UPDATE', event);
  expect(await read()).toEqual([{ role_ids: [], timed_out_until: new Date(until) }]);
  await apply('GUILD_MEMBER_UPDATE', { guild_id: guildId, user, roles: 'none' });
  expect(await read()).toEqual([{ role_ids: [], timed_out_until: new Date(until) }]);
  await apply('GUILD_MEMBER_UPDATE', { ...event, communication_disabled_until: 'tomorrow' });
  expect(await read()).toEqual([{ role_ids: [], timed_out_until: new Date(until) }]);
  await apply('GUILD_MEMBER_UPDATE', { ...event, communication_disabled_until: null });
  expect(await read()).toEqual([{ role_ids: [], timed_out_until: null }]);
});

test('of somebody who never logged in nothing is noted', async () => {
  const { db, guildId, apply } = await openStage();
  await apply('GUILD_MEMBER_ADD', { guild_id: guildId, user: { id: newId() }, roles: [] });
  await apply('GUILD_MEMBER_UPDATE', { guild_id: guildId, user: { id: newId() }, roles: [] });
  expect(await db.query(sql`select from member_roles`)).toHaveLength(1);
  expect(await db.query(sql`select from viewers`)).toHaveLength(1);
});
