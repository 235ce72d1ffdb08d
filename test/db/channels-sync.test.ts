import { afterAll, beforeAll, expect, test } from 'vitest';
import { getChannelAccess } from '../../src/db/channel-access.ts';
import { mergeChannelSettings } from '../../src/db/channel-settings.ts';
import { getChannel, listChannels } from '../../src/db/channels.ts';
import {
  deleteChannel,
  deleteChannelsNotIn,
  type NewChannel,
  upsertChannels,
} from '../../src/db/channels-sync.ts';
import { sql } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addChannel, addGuild, newId, sampleChannel } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function idsOf(guildId: string): Promise<string[]> {
  return (await listChannels(database.db, guildId)).map((channel) => channel.id);
}

test('new channels are answered, known ones are updated, with what tells who may see them', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const first = sampleChannel({ name: 'one' });
  expect(await upsertChannels(db, guildId, [first])).toEqual([first.id]);

  const changed = {
    ...first,
    name: `it's "2" \\ {NULL}`,
    type: 'announcement' as const,
    isNsfw: true,
    parentId: newId(),
    position: 7,
    overwrites: [{ id: guildId, type: 0, allow: '0', deny: '1125899906842624' }],
    newestMessageId: '1000',
  };
  const second = sampleChannel({ name: null });
  expect(await upsertChannels(db, guildId, [changed, second])).toEqual([second.id]);
  const { id, name, type, isNsfw, parentId, position, overwrites, newestMessageId } = changed;
  expect(await getChannel(db, id)).toMatchObject({ name, type, isNsfw, parentId });
  expect((await getChannelAccess(db, id))?.channel).toMatchObject({
    parentId,
    position,
    overwrites,
    newestMessageId,
  });
  expect(await upsertChannels(db, guildId, [])).toEqual([]);
});

test('an upsert never touches reading, cursor, counter, times and settings', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channel = sampleChannel();
  await addChannel(db, { guildId, ...channel, isReading: true });
  const at = new Date('2024-01-01T00:00:00Z');
  await db.query(sql`
    update bot_channels
    set last_message_id = '1000', message_count = 5, last_activity_at = ${at}, last_scanned_at = ${at}
    where channel_id = ${channel.id}`);
  await mergeChannelSettings(db, channel.id, { prefix: '?' });
  const before = await getChannel(db, channel.id);
  await upsertChannels(db, guildId, [{ ...channel, name: 'renamed', newestMessageId: '5' }]);
  expect(await getChannel(db, channel.id)).toEqual({
    ...before,
    name: 'renamed',
    updatedAt: expect.any(Date),
  });
});

test('a channel that is as told is not written, so that updated_at tells something', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channel = sampleChannel({ name: null, newestMessageId: '5' });
  const versionAfter = async (told: NewChannel) => {
    await upsertChannels(db, guildId, [told]);
    const [row] = await db.query<{ version: string }>(sql`
      select updated_at::text || ctid::text as version from bot_channels where channel_id = ${channel.id}`);
    return row?.version;
  };
  const version = await versionAfter(channel);
  expect(await versionAfter(channel)).toBe(version);
  expect(await versionAfter({ ...channel, newestMessageId: '6', position: 3 })).toBe(version);
  expect(await versionAfter({ ...channel, name: 'named' })).not.toBe(version);
});

test('the newest message only grows, as a number', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channel = sampleChannel({ newestMessageId: '999' });
  const newestAfter = async (newestMessageId: string | null) => {
    await upsertChannels(db, guildId, [{ ...channel, newestMessageId }]);
    return (await getChannelAccess(db, channel.id))?.channel.newestMessageId;
  };
  expect(await newestAfter('999')).toBe('999');
  expect(await newestAfter('1000')).toBe('1000');
  expect(await newestAfter('999')).toBe('1000');
  expect(await newestAfter(null)).toBe('1000');
});

test('a channel is not taken away from its guild', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channel = sampleChannel({ name: 'ours' });
  await upsertChannels(db, guildId, [channel]);
  const stolen = { ...channel, name: 'theirs', parentId: newId(), newestMessageId: '9' };
  expect(await upsertChannels(db, await addGuild(db), [stolen])).toEqual([]);
  expect(await getChannel(db, channel.id)).toMatchObject({ guildId, name: 'ours', parentId: null });
  expect((await getChannelAccess(db, channel.id))?.channel.newestMessageId).toBeNull();
});

test('of a channel given twice the last counts; a channel of an unknown guild is an error', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channel = sampleChannel();
  expect(await upsertChannels(db, guildId, [channel, { ...channel, name: 'last\0' }])).toEqual([channel.id]);
  expect((await getChannel(db, channel.id))?.name).toBe('last');
  await expect(upsertChannels(db, newId(), [sampleChannel()])).rejects.toMatchObject({ code: '23503' });
});

test('upserts of the same channels at once tell each new channel to exactly one', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channels = Array.from({ length: 100 }, () => sampleChannel());
  const orders = [channels, channels.toReversed(), channels, channels.toReversed()];
  const told = await Promise.all(orders.map((order) => upsertChannels(db, guildId, order)));
  expect(told.flat().toSorted()).toEqual(channels.map((channel) => channel.id).toSorted());
  expect(await getChannelAccess(db, channels[99]?.id ?? '')).not.toBeNull();
});

test('channels that Discord no longer lists go with their threads, and other guilds keep theirs', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const category = await addChannel(db, { guildId, type: 'category' });
  const kept = await addChannel(db, { guildId, parentId: category });
  const gone = await addChannel(db, { guildId, parentId: category });
  const keptThread = await addChannel(db, { guildId, type: 'public_thread', parentId: kept });
  const goneThread = await addChannel(db, { guildId, type: 'private_thread', parentId: gone });
  const foreign = await addChannel(db);

  const channelTypes = ['text', 'category', 'announcement', 'forum'] as const;
  const deleted = await deleteChannelsNotIn(db, guildId, [kept], channelTypes);
  expect(deleted.toSorted()).toEqual([category, gone, goneThread].toSorted());
  expect((await idsOf(guildId)).toSorted()).toEqual([kept, keptThread].toSorted());
  expect(await getChannel(db, foreign)).not.toBeNull();

  expect(await deleteChannelsNotIn(db, guildId, [kept])).toEqual([keptThread]);
});

test('a deleted channel takes its threads along; a deleted category leaves its channels', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const category = await addChannel(db, { guildId, type: 'category' });
  const channel = await addChannel(db, { guildId, parentId: category });
  const thread = await addChannel(db, { guildId, type: 'public_thread', parentId: channel });
  const other = await addChannel(db, { guildId });
  const remove = (id: string) => db.transaction((tx) => deleteChannel(tx, id));
  expect(await remove(category)).toEqual([category]);
  expect((await remove(channel)).toSorted()).toEqual([channel, thread].toSorted());
  expect(await remove(channel)).toEqual([]);
  expect(await idsOf(guildId)).toEqual([other]);
});
