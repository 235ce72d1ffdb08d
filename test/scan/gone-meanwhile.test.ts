import type { APIChannel } from 'discord-api-types/v10';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { deleteChannel, deleteChannelsNotIn } from '../../src/db/channels-sync.ts';
import { ensureCoverage } from '../../src/db/coverage.ts';
import { type Database, sql, type Transaction } from '../../src/db/database.ts';
import { writeEditedMessage } from '../../src/db/edited-messages.ts';
import { commitIndexPage } from '../../src/db/index-pages.ts';
import { writeLiveMessages } from '../../src/db/live-messages.ts';
import { startIndexPass } from '../../src/db/move-index-pass.ts';
import { ensureThreadLists } from '../../src/db/thread-lists.ts';
import { enqueueIndexPass } from '../../src/jobs/enqueue-index-pass.ts';
import { keepThreads } from '../../src/scan/read-thread-list.ts';
import { whileHeld } from '../db/blocked-statements.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addReadingChannel, aVideo } from '../support/library-fixtures.ts';

const GUILD = '1000000000000000001';
const OTHER = '1000000000000000002';
const ROOM = '1000000000000000003';
const MESSAGE = '1000000000000000103';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

beforeEach(async () => {
  await db.query(sql`delete from bot_guilds`);
  await addReadingChannel(db, GUILD, OTHER);
  await addReadingChannel(db, GUILD, ROOM);
});

const video = aVideo({ id: '1000000000000000203', messageId: MESSAGE, channelId: ROOM });
const whileDeleted = <Result>(work: () => Promise<Result>) =>
  whileHeld(db, (tx) => deleteChannel(tx, ROOM), work);
const countVideos = async () => (await db.query(sql`select from videos`)).length;

test('a page of the index passes over a channel that is deleted at that moment', async () => {
  const queued = await db.transaction((tx) =>
    enqueueIndexPass(tx, { guildId: GUILD, requestedBy: 'person' }),
  );
  const passId = queued.ok ? queued.pass.id : '';
  await startIndexPass(db, passId, 'w1');
  const next = { search: 'video', nextMaxId: MESSAGE, barrenPages: 0 };
  const page = {
    passId,
    workerId: 'w1',
    guildId: GUILD,
    videos: [video],
    authors: [],
    next,
    documentsIndexed: 1,
  };
  expect(await whileDeleted(() => db.transaction((tx) => commitIndexPage(tx, page)))).toBe('committed');
  expect(await countVideos()).toBe(0);
});

test('live messages of a channel that is deleted at that moment are passed over, those of others are kept', async () => {
  const posted = (channelId: string) => ({
    channelId,
    messageIds: [MESSAGE],
    newestAt: '2026-01-01T00:00:00Z',
  });
  const kept = aVideo({ ...video, channelId: OTHER });
  await whileDeleted(() =>
    db.transaction((tx) => writeLiveMessages(tx, 's1', [posted(OTHER), posted(ROOM)], [kept, video], [])),
  );
  expect(await db.query(sql`select channel_id from videos`)).toEqual([{ channel_id: OTHER }]);
});

test('an edit in a channel that is deleted at that moment is passed over', async () => {
  const edit = { channelId: ROOM, messageId: MESSAGE, editedAt: null, fileIds: [video.id] };
  const told = { toldSources: ['attachment' as const], tellsCaption: true };
  await whileDeleted(() => writeEditedMessage(db, { ...edit, ...told }, [video], []));
  expect(await countVideos()).toBe(0);
});

test('coverage and lists of threads are not made for a channel that is deleted at that moment', async () => {
  await whileDeleted(() => ensureCoverage(db, ROOM));
  expect(await db.query(sql`select from scan_coverage where channel_id = ${ROOM}`)).toEqual([]);
  await addReadingChannel(db, GUILD, ROOM);
  await db.query(sql`delete from thread_lists`);
  await whileDeleted(() => ensureThreadLists(db, GUILD));
  expect(await db.query(sql`select distinct channel_id from thread_lists`)).toEqual([{ channel_id: OTHER }]);
});

const thread = { id: '1000000000000000303', type: 11, name: 'a thread', parent_id: ROOM };
const keep = (tx: Transaction) => keepThreads(tx, GUILD, [thread as APIChannel], 'auto');
const channelIds = () => db.query(sql`select channel_id from bot_channels`);

test('threads of a channel that is deleted while they are listed go with it, whoever comes first', async () => {
  await whileDeleted(() => db.transaction(keep));
  expect(await channelIds()).toEqual([{ channel_id: OTHER }]);
  await addReadingChannel(db, GUILD, ROOM);
  await whileHeld(db, keep, () => db.transaction((tx) => deleteChannel(tx, ROOM)));
  expect(await channelIds()).toEqual([{ channel_id: OTHER }]);
});

test('a thread that was left behind by its channel goes when the guild is told of', async () => {
  await db.transaction(keep);
  await db.query(sql`delete from bot_channels where channel_id = ${ROOM}`);
  await db.transaction((tx) => deleteChannelsNotIn(tx, GUILD, [OTHER], ['text']));
  expect(await channelIds()).toEqual([{ channel_id: OTHER }]);
});
