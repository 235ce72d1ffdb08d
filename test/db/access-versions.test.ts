import { afterAll, beforeAll, expect, test } from 'vitest';
import { deleteChannel, type NewChannel, upsertChannels } from '../../src/db/channels-sync.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { deleteGuildRole, replaceGuildRoles, upsertGuildRole } from '../../src/db/guild-roles.ts';
import { upsertGuild } from '../../src/db/guilds.ts';
import { forgetMember, noteMember, storeMembers } from '../../src/db/member-roles.ts';
import { noteThreadMembers } from '../../src/db/thread-members.ts';
import { replaceViewerGuilds } from '../../src/db/viewer-guilds.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addGuild, newId, sampleChannel, sampleGuild } from './sample-rows.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

/** What of a guild's sights counts as a change. */
async function versionOf(guildId: string): Promise<bigint> {
  const rows = await db.query<{ version: string }>(sql`
    select version from guild_access_versions where guild_id = ${guildId}`);
  return BigInt(rows[0]?.version ?? 0);
}

async function isRaised(guildId: string, change: () => Promise<unknown>): Promise<boolean> {
  const before = await versionOf(guildId);
  await change();
  return (await versionOf(guildId)) > before;
}

const role = (id: string, permissions: bigint, position = 0) => ({ id, name: 'r', permissions, position });

test('the version of a guild rises with what changes who sees what', async () => {
  const guild = sampleGuild({ ownerUserId: newId() });
  const channel = sampleChannel();
  await upsertGuild(db, guild);
  const put = (changes: Partial<NewChannel>) => () =>
    upsertChannels(db, guild.id, [{ ...channel, ...changes }]);
  const overwrites = [{ id: guild.id, type: 0, allow: '0', deny: '1024' }];
  const second = newId();
  const raising: [string, () => Promise<unknown>][] = [
    ['roles', () => replaceGuildRoles(db, guild.id, [role(guild.id, 1n), role(second, 0n)])],
    ['permissions of a role', () => upsertGuildRole(db, guild.id, role(second, 8n))],
    ['a role that is gone', () => deleteGuildRole(db, guild.id, second)],
    ['one more role', () => upsertGuildRole(db, guild.id, role(second, 0n))],
    ['a role that is left out', () => replaceGuildRoles(db, guild.id, [role(guild.id, 1n)])],
    ['a new channel', put({})],
    [
      'a private thread',
      () => upsertChannels(db, guild.id, [sampleChannel({ type: 'private_thread', parentId: channel.id })]),
    ],
    ['overwrites', put({ overwrites })],
    ['the parent', put({ overwrites, parentId: newId() })],
    ['the type', put({ overwrites, type: 'voice' })],
    ['the owner', () => upsertGuild(db, { ...guild, ownerUserId: newId() })],
  ];
  for (const [what, change] of raising) {
    expect([what, await isRaised(guild.id, change)]).toEqual([what, true]);
  }
});

test('the version stays where nothing of it changes', async () => {
  const guild = sampleGuild({ ownerUserId: newId() });
  const roles = [role(guild.id, 1n), role(newId(), 8n)];
  const channel = sampleChannel({ overwrites: [{ id: guild.id, type: 0, allow: '0', deny: '0' }] });
  const tell = async () => {
    await upsertGuild(db, guild);
    await replaceGuildRoles(db, guild.id, roles);
    await upsertChannels(db, guild.id, [channel]);
  };
  await tell();
  const staying: [string, () => Promise<unknown>][] = [
    ['the same once more', tell],
    [
      'a thread that whoever sees its channel sees',
      () => upsertChannels(db, guild.id, [sampleChannel({ type: 'public_thread', parentId: channel.id })]),
    ],
    ['names', () => upsertGuild(db, { ...guild, name: 'Other' })],
    [
      'places',
      () => replaceGuildRoles(db, guild.id, [...roles.slice(0, 1), role(roles[1]?.id ?? '', 8n, 7)]),
    ],
    [
      'names, places and messages of a channel',
      () => upsertChannels(db, guild.id, [{ ...channel, name: 'o', position: 4, newestMessageId: '5' }]),
    ],
    [
      'age restriction, which is looked up',
      () => upsertChannels(db, guild.id, [{ ...channel, isNsfw: true }]),
    ],
    ['an owner who is not told', () => upsertGuild(db, { ...guild, ownerUserId: null })],
    ['reading', () => db.query(sql`update bot_channels set is_reading = not is_reading, message_count = 9`)],
    ['a channel that is gone', () => db.transaction((tx) => deleteChannel(tx, channel.id))],
  ];
  for (const [what, change] of staying) {
    expect([what, await isRaised(guild.id, change)]).toEqual([what, false]);
  }
});

test('the version rises with what becomes of a viewer', async () => {
  const guildId = await addGuild(db);
  const userId = newId();
  const told = { guildId, roleIds: ['2', '1'], timedOutUntil: null };
  const store = (changes: object) => () =>
    storeMembers(db, userId, [{ ...told, askedAt: 'now', ...changes }]);
  const note = (changes: object) => () =>
    db.transaction((tx) => noteMember(tx, userId, { ...told, roleIds: ['3'], ...changes }));
  const until = new Date('2030-01-01T00:00:00Z');
  const steps: [string, boolean, () => Promise<unknown>][] = [
    ['an event of somebody who is not known', false, note({})],
    ['the first answer', false, store({})],
    ['the same answer, in another order', false, store({ roleIds: ['1', '2'] })],
    ['an older answer', false, store({ roleIds: ['9'], askedAt: '2020-01-01' })],
    ['other roles', true, store({ roleIds: ['1'] })],
    ['an event of other roles', true, note({})],
    ['the same event', false, note({})],
    ['a time-out', true, note({ timedOutUntil: until })],
    ['a time-out that is not told of', false, note({ timedOutUntil: undefined })],
    ['its end', true, note({})],
    ['an older "no member"', false, () => forgetMember(db, userId, [{ guildId, askedAt: '2020-01-01' }])],
    ['a kick', true, () => forgetMember(db, userId, [{ guildId, askedAt: null }])],
    ['the same kick', false, () => forgetMember(db, userId, [{ guildId, askedAt: null }])],
  ];
  for (const [what, expected, change] of steps) {
    expect([what, await isRaised(guildId, change)]).toEqual([what, expected]);
  }
});

test('the version rises with viewers who join or leave a private thread, or its guild, and with nobody else', async () => {
  const guildId = await addGuild(db);
  const [userId, stranger] = [newId(), newId()];
  await db.query(sql`insert into users (discord_user_id) values (${userId})`);
  await replaceViewerGuilds(db, userId, []);
  const open = sampleChannel();
  const thread = sampleChannel({ type: 'private_thread', parentId: open.id });
  const publicThread = sampleChannel({ type: 'public_thread', parentId: open.id });
  await upsertChannels(db, guildId, [open, thread, publicThread]);
  const tell = (channelId: string, joined: string[], left: string[]) => () =>
    db.transaction((tx) => noteThreadMembers(tx, channelId, { joined, left }));
  expect(await isRaised(guildId, tell(thread.id, [stranger], []))).toBe(false);
  expect(await isRaised(guildId, tell(publicThread.id, [userId], []))).toBe(false);
  expect(await isRaised(guildId, tell(newId(), [userId], []))).toBe(false);
  expect(await isRaised(guildId, tell(thread.id, [userId, stranger], []))).toBe(true);
  expect(await isRaised(guildId, tell(thread.id, [], [userId]))).toBe(true);
  expect(await db.query(sql`select user_id, is_member from thread_members`)).toEqual([
    { user_id: userId, is_member: false },
  ]);
  const kickFrom = (guild: string) => () => forgetMember(db, userId, [{ guildId: guild, askedAt: null }]);
  expect(await isRaised(guildId, kickFrom(await addGuild(db)))).toBe(false);
  expect(await isRaised(guildId, kickFrom(guildId))).toBe(true);
  expect(await db.query(sql`select from thread_members`)).toEqual([]);
});
