import { afterAll, beforeAll, expect, test } from 'vitest';
import { startReadingNew } from '../../src/db/channel-rules.ts';
import { getEffectiveSettings, mergeChannelSettings } from '../../src/db/channel-settings.ts';
import {
  type Channel,
  getChannel,
  listChannels,
  setChannelReading,
  setChannelsReading,
} from '../../src/db/channels.ts';
import { upsertChannels } from '../../src/db/channels-sync.ts';
import { sql } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { whileHeld } from './blocked-statements.ts';
import { addChannel, addGuild, newId, sampleChannel } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function readChannel(channelId: string): Promise<Channel> {
  const channel = await getChannel(database.db, channelId);
  if (!channel) throw new Error(`channel ${channelId} is gone`);
  return channel;
}

test('a channel is read as it was stored; an unknown one is null', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const id = await addChannel(db, { guildId, name: 'clips', parentId: '77', isReading: false });
  expect(await readChannel(id)).toEqual({
    id,
    guildId,
    parentId: '77',
    name: 'clips',
    type: 'text',
    isNsfw: false,
    isReading: false,
    lastMessageId: null,
    lastScannedAt: null,
    lastActivityAt: null,
    messageCount: 0n,
    settings: {},
    createdAt: expect.any(Date),
    updatedAt: expect.any(Date),
  });
  expect(await getChannel(db, newId())).toBeNull();
});

test('channels are listed in their order, those of the same place by id as a number', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  await addChannel(db, { guildId, id: '1000', position: 1 });
  await addChannel(db, { guildId, id: '999', position: 1 });
  await addChannel(db, { guildId, id: '5000', position: 0 });
  await addChannel(db);
  expect((await listChannels(db, guildId)).map((channel) => channel.id)).toEqual(['5000', '999', '1000']);
});

const switchOne = (channelId: string, isReading: boolean) =>
  database.db.transaction((tx) => setChannelReading(tx, channelId, isReading));
const switchSome = (guildId: string, channelIds: string[], isReading: boolean, by?: 'person' | 'rule') =>
  database.db.transaction((tx) => setChannelsReading(tx, guildId, channelIds, isReading, by));

test('reading is switched for one channel, or for some of a guild', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const [one, two] = [await addChannel(db, { guildId }), await addChannel(db, { guildId, isReading: false })];
  const foreign = await addChannel(db, { isReading: false });
  expect(await switchOne(two, true)).toBe(true);
  expect((await readChannel(two)).isReading).toBe(true);
  expect(await switchOne(newId(), true)).toBe(false);

  await switchOne(one, false);
  expect(await switchSome(guildId, [one, two, foreign, newId()], true)).toEqual([one]);
  expect((await readChannel(foreign)).isReading).toBe(false);
  expect((await switchSome(guildId, [one, two], false)).toSorted()).toEqual([one, two].toSorted());
});

test('threads follow the reading of their channel, except those that somebody switched', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const parentId = await addChannel(db, { guildId, type: 'forum' });
  const thread = { guildId, type: 'public_thread', parentId } as const;
  const [follower, on, off] = [
    await addChannel(db, thread),
    await addChannel(db, thread),
    await addChannel(db, thread),
  ];
  const stranger = await addChannel(db, { ...thread, parentId: await addChannel(db, { guildId }) });
  const isReading = async () => {
    const channels = [follower, on, off, stranger].map(readChannel);
    return (await Promise.all(channels)).map((channel) => channel.isReading);
  };
  await switchOne(on, true);
  await switchOne(off, false);
  expect(await isReading()).toEqual([true, true, false, true]);
  expect((await switchSome(guildId, [parentId], false)).toSorted()).toEqual([parentId, follower].toSorted());
  expect(await isReading()).toEqual([false, true, false, true]);
  await switchOne(parentId, true);
  expect(await isReading()).toEqual([true, true, false, true]);

  await switchSome(guildId, [follower], false, 'rule');
  expect(await isReading()).toEqual([false, true, false, true]);
  await switchOne(parentId, true);
  expect(await isReading()).toEqual([true, true, false, true]);
});

test('a thread that is added while its channel is switched follows it all the same', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const parentId = await addChannel(db, { guildId });
  const threadId = newId();
  await whileHeld(
    db,
    async (tx) => {
      await upsertChannels(tx, guildId, [sampleChannel({ id: threadId, type: 'public_thread', parentId })]);
      await startReadingNew(tx, [threadId]);
    },
    () => switchOne(parentId, false),
  );
  expect((await readChannel(threadId)).isReading).toBe(false);
});

test('settings of a thread are those of its channel, unless it has its own', async () => {
  const { db } = database;
  const parentId = await addChannel(db);
  const guildId = (await readChannel(parentId)).guildId;
  const threadId = await addChannel(db, { guildId, type: 'public_thread', parentId });
  await mergeChannelSettings(db, parentId, { video_formats: ['mov'], scan_nsfw: true });
  expect(await getEffectiveSettings(db, threadId)).toMatchObject({ video_formats: ['mov'], scan_nsfw: true });
  await mergeChannelSettings(db, threadId, { video_formats: ['avi'] });
  expect(await getEffectiveSettings(db, threadId)).toMatchObject({ video_formats: ['avi'], scan_nsfw: true });
});

test('updated_at moves by itself with any change', async () => {
  const { db } = database;
  const id = await addChannel(db);
  const rows = await db.query(sql`
    with before as (select channel_id, updated_at from bot_channels where channel_id = ${id})
    update bot_channels set name = 'renamed', updated_at = '2000-01-01'
    from before
    where bot_channels.channel_id = before.channel_id
    returning bot_channels.updated_at > before.updated_at as has_moved`);
  expect(rows).toEqual([{ has_moved: true }]);
});
