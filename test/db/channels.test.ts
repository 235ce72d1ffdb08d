import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  advanceChannel,
  type Channel,
  getChannel,
  listChannels,
  setChannelReading,
  setChannelsReading,
  touchChannelActivity,
} from '../../src/db/channels.ts';
import { sql } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addChannel, addGuild, newId } from './sample-rows.ts';

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

test('reading is switched for one channel, or for some of a guild', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const [one, two] = [await addChannel(db, { guildId }), await addChannel(db, { guildId, isReading: false })];
  const foreign = await addChannel(db, { isReading: false });
  expect(await setChannelReading(db, two, true)).toBe(true);
  expect((await readChannel(two)).isReading).toBe(true);
  expect(await setChannelReading(db, newId(), true)).toBe(false);

  await setChannelReading(db, one, false);
  expect(await setChannelsReading(db, guildId, [one, two, foreign, newId()], true)).toEqual([one]);
  expect((await readChannel(foreign)).isReading).toBe(false);
  expect((await setChannelsReading(db, guildId, [one, two], false)).toSorted()).toEqual(
    [one, two].toSorted(),
  );
});

test('the cursor grows as a number and never goes back', async () => {
  const { db } = database;
  const id = await addChannel(db);
  const cursorAfter = async (lastMessageId: string | null) => {
    await advanceChannel(db, id, { lastMessageId, addMessages: 0 });
    return (await readChannel(id)).lastMessageId;
  };
  expect(await cursorAfter(null)).toBeNull();
  expect(await cursorAfter('999')).toBe('999');
  expect(await cursorAfter('1000')).toBe('1000');
  expect(await cursorAfter('999')).toBe('1000');
  expect(await cursorAfter(null)).toBe('1000');
  expect(await cursorAfter('9223372036854775807')).toBe('9223372036854775807');
  expect(await cursorAfter('18446744073709551615')).toBe('18446744073709551615');
});

test('the counter keeps every message beyond 2^53, and refuses to go down', async () => {
  const { db } = database;
  const id = await addChannel(db);
  await advanceChannel(db, id, { lastMessageId: null, addMessages: 9_007_199_254_740_993n });
  await advanceChannel(db, id, { lastMessageId: null, addMessages: 2 });
  expect((await readChannel(id)).messageCount).toBe(9_007_199_254_740_995n);
  const backwards = advanceChannel(db, id, { lastMessageId: null, addMessages: -1 });
  await expect(backwards).rejects.toThrow(RangeError);
  expect(await advanceChannel(db, newId(), { lastMessageId: '1', addMessages: 1 })).toBe(false);
});

test('times only go forward', async () => {
  const { db } = database;
  const id = await addChannel(db);
  const [early, late] = [new Date('2024-01-01T00:00:00Z'), new Date('2024-06-01T00:00:00Z')];
  const still = { lastMessageId: null, addMessages: 0 };
  await advanceChannel(db, id, { ...still, lastActivityAt: late, lastScannedAt: early });
  await advanceChannel(db, id, { ...still, lastActivityAt: early, lastScannedAt: late });
  await advanceChannel(db, id, still);
  expect(await readChannel(id)).toMatchObject({ lastActivityAt: late, lastScannedAt: late });

  await touchChannelActivity(db, id, early);
  expect((await readChannel(id)).lastActivityAt).toEqual(late);
  const newest = new Date('2024-07-01T00:00:00Z');
  await touchChannelActivity(db, id, newest);
  expect((await readChannel(id)).lastActivityAt).toEqual(newest);
});

test('advances at once all count, and the highest cursor wins', async () => {
  const { db } = database;
  const id = await addChannel(db);
  const cursors = Array.from({ length: 40 }, (_, index) => String(980 + index));
  await Promise.all(
    cursors.map((lastMessageId) => advanceChannel(db, id, { lastMessageId, addMessages: 3 })),
  );
  expect(await readChannel(id)).toMatchObject({ lastMessageId: '1019', messageCount: 120n });
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
