import type { GatewayMessageUpdateDispatchData } from 'discord-api-types/v10';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { onMessagesCreated, onMessageUpdate } from '../../src/ingest/message-events.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addReadingChannel } from '../support/library-fixtures.ts';
import { aGif, aMedium, aMessage, anAttachment, aPlayer } from '../support/message-payloads.ts';
import { beginWalk, commitMessages, type Walk } from '../support/page-commits.ts';

const CHANNEL = '1000';
const T1 = '2024-01-01T00:00:00.000000+00:00';
const T2 = '2024-01-02T00:00:00.000000+00:00';

let database: TestDatabase;
let db: Database;
let walk: Walk;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  await addReadingChannel(db, '5', CHANNEL);
  walk = await beginWalk(db, CHANNEL);
});
afterAll(() => database.close());

let lastId = 2_000_000;
const newId = () => {
  lastId += 100;
  return String(lastId);
};

type Wire = Record<string, unknown>;
const created = (id: string, over: Wire) =>
  db.transaction((tx) =>
    onMessagesCreated(tx, [aMessage({ id, channel_id: CHANNEL, ...over }) as never], 's1'),
  );
/** An update with these fields only. */
const updated = (id: string, fields: Wire) =>
  db.transaction((tx) =>
    onMessageUpdate(tx, {
      id,
      channel_id: CHANNEL,
      ...fields,
    } as unknown as GatewayMessageUpdateDispatchData),
  );

/** The videos of a message by the end of their key: "e0 How kites fly", with a cross when deleted. */
async function videosOf(id: string): Promise<string[]> {
  const rows = await db.query<{ id: string; name: string; is_deleted: boolean }>(sql`
    select id, coalesce(title, filename) as name, deleted_at is not null as is_deleted
    from videos where message_id = ${id}::bigint order by id`);
  return rows.map((row) => `${row.is_deleted ? '✗ ' : ''}${row.id.replace(`${id}-`, '')} ${row.name}`);
}

test('embeds that Discord resolves later come with an update of their own, in any order', async () => {
  const id = newId();
  await created(id, { content: 'two links' });
  expect(await videosOf(id)).toEqual([]);
  await updated(id, { embeds: [aGif()] });
  expect(await videosOf(id)).toEqual(['e0 wave.mp4']);
  await updated(id, { embeds: [aPlayer(), aGif()] });
  expect(await videosOf(id)).toEqual(['e0 How kites fly', 'e1 wave.mp4']);
});

test('embeds that are taken away are deleted, and come back when they are shown again', async () => {
  const id = newId();
  await created(id, { content: 'link', embeds: [aPlayer(), aGif()] });
  await updated(id, { content: 'link', embeds: [] });
  expect(await videosOf(id)).toEqual(['✗ e0 How kites fly', '✗ e1 wave.mp4']);
  await updated(id, { content: 'link', embeds: [aPlayer()] });
  expect(await videosOf(id)).toEqual(['e0 How kites fly', '✗ e1 wave.mp4']);
});

test('what an update does not tell of stays as it is', async () => {
  const id = newId();
  const attachmentId = String(Number(id) + 1);
  const uploadId = String(Number(id) + 2);
  await created(id, {
    attachments: [anAttachment({ id: attachmentId })],
    embeds: [aPlayer()],
    components: [{ file: aMedium({ attachment_id: uploadId }) }],
    message_snapshots: [{ message: { embeds: [aGif()] } }],
  });
  const all = ['e0 How kites fly', 's0-e0 wave.mp4', `${attachmentId} clip.mp4`, `${uploadId} upload.webm`];
  expect(await videosOf(id)).toEqual(all);
  await updated(id, { embeds: [aPlayer({ title: 'Another' })] });
  const [, forward = '', attachment = '', upload = ''] = all;
  expect(await videosOf(id)).toEqual(['e0 Another', forward, attachment, upload]);
  await updated(id, { attachments: [anAttachment({ id: attachmentId })], content: 'x' });
  expect(await videosOf(id)).toEqual(['e0 Another', forward, attachment, upload]);
  await updated(id, { components: [{ type: 10 }], message_snapshots: [], content: 'x' });
  expect(await videosOf(id)).toEqual(['e0 Another', `✗ ${forward}`, attachment, `✗ ${upload}`]);
});

test('an update from which the content was withheld takes nothing away', async () => {
  const id = newId();
  await created(id, { attachments: [anAttachment({ id })], embeds: [aPlayer()] });
  await updated(id, { content: '', attachments: [], embeds: [], components: [] });
  expect(await videosOf(id)).toEqual([`${id} clip.mp4`, 'e0 How kites fly']);
});

test('nor does one in which a forward is shown, but nothing of it', async () => {
  const id = newId();
  await created(id, { message_snapshots: [{ message: { content: 'see', embeds: [aGif()] } }] });
  await updated(id, {
    pinned: true,
    message_snapshots: [{ message: { content: '', attachments: [], embeds: [] } }],
  });
  expect(await videosOf(id)).toEqual(['s0-e0 wave.mp4']);
});

test('an older copy neither changes nor deletes what a newer one told', async () => {
  const id = newId();
  await created(id, { embeds: [aPlayer({ title: 'first' })] });
  await updated(id, { content: 'b', edited_timestamp: T2, embeds: [aPlayer({ title: 'second' }), aGif()] });
  await updated(id, { content: 'a', edited_timestamp: T1, embeds: [aPlayer({ title: 'older' })] });
  await commitMessages(db, walk, [aMessage({ id, embeds: [aPlayer({ title: 'from a page' })] })]);
  expect(await videosOf(id)).toEqual(['e0 second', 'e1 wave.mp4']);
  await updated(id, { embeds: [aPlayer({ title: 'resolved anew' })] }); // says not when it was edited: it is the newest
  expect(await videosOf(id)).toEqual(['e0 resolved anew', '✗ e1 wave.mp4']);
  await updated(id, { content: 'a', edited_timestamp: T1, embeds: [aPlayer({ title: 'older' }), aGif()] });
  expect(await videosOf(id)).toEqual(['e0 resolved anew', '✗ e1 wave.mp4']);
});

test('a page that was read before embeds changed does not bring the old ones back', async () => {
  const id = newId();
  const before = aMessage({ id, embeds: [aGif()] });
  await created(id, { embeds: [aGif()] });
  await updated(id, { content: 'look', embeds: [aPlayer()] });
  await commitMessages(db, walk, [before]);
  expect(await videosOf(id)).toEqual(['e0 How kites fly']);
  await updated(id, { content: 'look', embeds: [] });
  await commitMessages(db, walk, [before]);
  expect(await videosOf(id)).toEqual(['✗ e0 How kites fly']);
});

test('the same update twice changes nothing', async () => {
  const id = newId();
  const fields = {
    content: 'x',
    edited_timestamp: T1,
    attachments: [anAttachment({ id })],
    embeds: [aPlayer(), aGif()],
  };
  const rows = () =>
    db.query(sql`select v.*, v.xmin::text from videos v where message_id = ${id}::bigint order by id`);
  await created(id, fields);
  await updated(id, fields);
  const once = await rows();
  await updated(id, fields);
  expect(await rows()).toEqual(once);
});

test('a page that was read before an edit does not bring back the file that the edit took away', async () => {
  const id = newId();
  const [kept, gone] = [anAttachment({ id: newId() }), anAttachment({ id: newId() })];
  const older = aMessage({ id, channel_id: CHANNEL, attachments: [kept, gone] });
  await updated(id, { ...older, attachments: [kept], edited_timestamp: T2 });
  await commitMessages(db, walk, [older]);
  const stored = await db.query(sql`select id from videos where message_id = ${id}::bigint`);
  expect(stored).toEqual([{ id: kept.id }]);
});
