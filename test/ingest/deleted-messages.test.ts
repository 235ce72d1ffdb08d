import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { writeLiveMessages } from '../../src/db/live-messages.ts';
import { markMessagesDeleted, purgeDeletedMessages } from '../../src/db/videos.ts';
import { createTestDatabase } from '../support/database.ts';
import { addReadingChannel, aVideo } from '../support/library-fixtures.ts';

const CHANNEL = '1000';
const HOUR_SECS = 3600;

test('a video that was written without seeing the deletion of its message does not stay', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  await addReadingChannel(db, '5', CHANNEL);
  const write = async (messageId: string) => {
    const batch = [{ channelId: CHANNEL, messageIds: [messageId], newestAt: '2026-01-01T00:00:00Z' }];
    await writeLiveMessages(
      db,
      's',
      batch,
      [aVideo({ id: `9${messageId}`, messageId, channelId: CHANNEL })],
      [],
      [],
    );
  };
  await write('2000');
  await write('2001');
  await db.transaction(async (tx) => {
    await markMessagesDeleted(tx, ['2000']);
    // As a page does whose statement began before this has committed.
    await tx.query(sql`update videos set deleted_at = null where message_id = 2000`);
  });
  await purgeDeletedMessages(db, HOUR_SECS);
  const rows = await db.query(sql`
    select message_id, deleted_at is not null as "isDeleted" from videos order by message_id`);
  expect(rows).toEqual([
    { message_id: '2000', isDeleted: true },
    { message_id: '2001', isDeleted: false },
  ]);
});
