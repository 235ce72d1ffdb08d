import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChanges } from '../../src/db/changes.ts';
import { startReadingNew } from '../../src/db/channel-rules.ts';
import { mergeChannelSettings, replaceChannelSettings } from '../../src/db/channel-settings.ts';
import { setChannelReading } from '../../src/db/channels.ts';
import {
  deleteChannel,
  deleteChannelsNotIn,
  deleteGoneThread,
  type NewChannel,
  upsertChannels,
} from '../../src/db/channels-sync.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { clearGuildDeparture, markGuildDeparted } from '../../src/db/guild-departures.ts';
import {
  ensureGuildSettings,
  mergeGuildSettings,
  replaceGuildSettings,
} from '../../src/db/guild-settings.ts';
import { upsertGuild } from '../../src/db/guilds.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newId, sampleChannel, sampleGuild } from './sample-rows.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

async function markOf(guildId: string): Promise<string | undefined> {
  const { guilds } = await readChanges(db, null);
  return guilds.find(({ id }) => id === guildId)?.mark;
}

async function isNoted(guildId: string, change: () => Promise<unknown>): Promise<boolean> {
  const before = await markOf(guildId);
  await change();
  return (await markOf(guildId)) !== before;
}

test('what lists show of a guild is noted when it changes', async () => {
  const guild = sampleGuild();
  const [channel, second, third] = [sampleChannel(), sampleChannel(), sampleChannel()];
  const thread = sampleChannel({ type: 'public_thread', parentId: channel.id });
  const put = (...channels: NewChannel[]) => upsertChannels(db, guild.id, channels);
  const changes: [string, () => Promise<unknown>][] = [
    ['a new guild', () => upsertGuild(db, guild)],
    ['its name', () => upsertGuild(db, { ...guild, name: 'Other' })],
    ['its icon', () => upsertGuild(db, { ...guild, name: 'Other', icon: 'i1' })],
    ['its owner', () => upsertGuild(db, { ...guild, name: 'Other', icon: 'i1', ownerUserId: newId() })],
    ['new channels', () => put(channel, second, third, thread)],
    ['reading by itself', () => startReadingNew(db, [channel.id])],
    ['reading of a thread by itself', () => startReadingNew(db, [thread.id])],
    ['the name of a channel', () => put({ ...channel, name: 'renamed' })],
    ['its type', () => put({ ...channel, name: 'renamed', type: 'announcement' })],
    ['its age restriction', () => put({ ...channel, name: 'renamed', type: 'announcement', isNsfw: true })],
    ['reading', () => db.transaction((tx) => setChannelReading(tx, channel.id, false))],
    ['a setting of a channel', () => mergeChannelSettings(db, channel.id, { prefix: '?' })],
    ['all settings of a channel', () => replaceChannelSettings(db, channel.id, {})],
    ['a setting of the guild', () => mergeGuildSettings(db, guild.id, { prefix: '?' })],
    ['all settings of the guild', () => replaceGuildSettings(db, guild.id, {})],
    ['a thread that is gone', () => deleteGoneThread(db, thread.id)],
    ['a channel that is gone', () => db.transaction((tx) => deleteChannel(tx, third.id))],
    ['channels that are listed no more', () => deleteChannelsNotIn(db, guild.id, [channel.id])],
    ['leaving', () => markGuildDeparted(db, guild.id)],
    ['coming back', () => clearGuildDeparture(db, guild.id)],
  ];
  for (const [what, change] of changes) {
    expect([what, await isNoted(guild.id, change)]).toEqual([what, true]);
  }
});

test('nothing is noted where nothing of it changes', async () => {
  const guild = sampleGuild({ ownerUserId: newId() });
  const channel = sampleChannel();
  const tell = async () => {
    await upsertGuild(db, guild);
    await ensureGuildSettings(db, guild.id);
    await upsertChannels(db, guild.id, [channel]);
  };
  await tell();
  const rest: [string, () => Promise<unknown>][] = [
    ['the same once more', tell],
    ['an owner who is not told', () => upsertGuild(db, { ...guild, ownerUserId: null })],
    [
      'places and messages of a channel',
      () => upsertChannels(db, guild.id, [{ ...channel, position: 4, newestMessageId: '5' }]),
    ],
    ['no channel that is gone', () => deleteChannelsNotIn(db, guild.id, [channel.id])],
    ['settings of a channel that is none', () => mergeChannelSettings(db, newId(), { prefix: '?' })],
  ];
  for (const [what, change] of rest) {
    expect([what, await isNoted(guild.id, change)]).toEqual([what, false]);
  }
});

test('what was done in a transaction that began before another is noted as well', async () => {
  const guild = sampleGuild();
  await upsertGuild(db, guild);
  let seen: string | undefined;
  await db.transaction(async (tx) => {
    await tx.query(sql`select now()`); // as of when all that the transaction writes is
    expect(await isNoted(guild.id, () => upsertGuild(db, { ...guild, name: 'Other' }))).toBe(true);
    await upsertGuild(tx, { ...guild, name: 'Third' });
    seen = await markOf(guild.id);
  });
  expect(await markOf(guild.id)).not.toBe(seen);
});
