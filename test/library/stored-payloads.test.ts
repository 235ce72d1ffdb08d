import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { countSkippedFiles } from '../../src/db/skipped-files.ts';
import { extractVideos } from '../../src/library/extract-videos.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { anyMessage } from '../support/hostile-messages.ts';
import { addReadingChannel } from '../support/library-fixtures.ts';
import { aGif, aMessage, anAttachment } from '../support/message-payloads.ts';
import { beginWalk, commitMessages, type Walk } from '../support/page-commits.ts';

const GUILD = '5';
const CHANNEL = '1000';

let database: TestDatabase;
let db: Database;
let walk: Walk;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  await addReadingChannel(db, GUILD, CHANNEL);
  walk = await beginWalk(db, CHANNEL);
});
afterAll(() => database.close());

test('PostgreSQL takes whatever is extracted from a hostile page', async () => {
  let stored = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyMessage, { maxLength: 20 }), async (messages) => {
      await commitMessages(db, walk, messages);
      stored += messages.flatMap((message) => extractVideos(message, new Set()).videos).length;
    }),
    { numRuns: 150 },
  );
  expect(stored).toBeGreaterThan(100); // the payloads reach the table, and are not all refused before
});

test('what was left out is counted once by its reason, however often its page is read', async () => {
  const attachments = [
    null,
    anAttachment({ id: 'x' }),
    anAttachment({ id: '77', url: 5 }),
    anAttachment({ id: '78' }),
  ];
  const message = aMessage({ id: '2000', attachments, embeds: [5, aGif()] });
  await db.query(sql`delete from skipped_files`);
  await commitMessages(db, walk, [message]);
  await commitMessages(db, walk, [message, message]);
  const counts = { not_an_object: 2, no_id: 1, no_url: 1 };
  expect(await countSkippedFiles(db, 'everything', { channelId: CHANNEL })).toEqual(counts);
  expect(await countSkippedFiles(db, 'everything', { guildId: GUILD })).toEqual(counts);
  expect(await countSkippedFiles(db, 'everything', { guildId: '6' })).toEqual({});
  const kept = await db.query(sql`select id from videos where message_id = 2000 order by id`);
  expect(kept).toEqual([{ id: '2000-e1' }, { id: '78' }]);
});
