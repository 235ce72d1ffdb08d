import { afterAll, beforeAll, expect, test } from 'vitest';
import { getChannelAccess, listChannelAccess } from '../../src/db/channel-access.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addChannel, addGuild, newId } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("a thread's access comes with its channel's", async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const overwrites = [{ id: guildId, type: 0, allow: '1024', deny: '18446744073709551615' }];
  const channelId = await addChannel(db, { guildId, overwrites, newestMessageId: '9223372036854775807' });
  const threadId = await addChannel(db, { guildId, type: 'public_thread', parentId: channelId, position: 3 });
  const channel = {
    channelId,
    guildId,
    type: 'text',
    parentId: null,
    position: 0,
    overwrites,
    newestMessageId: '9223372036854775807',
  };
  const thread = {
    channelId: threadId,
    guildId,
    type: 'public_thread',
    parentId: channelId,
    position: 3,
    overwrites: [],
    newestMessageId: null,
  };
  expect(await getChannelAccess(db, threadId)).toEqual({ channel: thread, parent: channel });
  expect(await getChannelAccess(db, channelId)).toEqual({ channel, parent: null });
  expect(await listChannelAccess(db, guildId)).toEqual([channel, thread]);
});

test('a parent that we do not have is null; so is the access of an unknown channel', async () => {
  const { db } = database;
  const orphan = await addChannel(db, { parentId: newId() });
  expect(await getChannelAccess(db, orphan)).toMatchObject({ channel: { channelId: orphan }, parent: null });
  expect(await getChannelAccess(db, newId())).toBeNull();
});
