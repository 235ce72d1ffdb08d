import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { markMessagesDeleted } from '../../src/db/videos.ts';
import { attachmentId, ids, messageId, smallWorld } from '../sandbox/small-world.ts';
import { fastClock } from '../support/fast-clock.ts';
import { IndexStage } from '../support/index-stage.ts';
import { startProgram, untilScanned } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const HURRY = 5; // times faster than the walk's real wait for its newest messages

let stage: IndexStage;
let db: Database;

beforeEach(async () => {
  stage = await IndexStage.open(smallWorld());
  db = stage.db;
  await stage.addGuild(ids.guild);
});
afterEach(() => stage.close());

/** Runs the whole program until everything is scanned, and every pass has ended. */
async function walk(): Promise<void> {
  const program = await startProgram(stage.databaseUrl, stage.sandbox, {}, { clock: fastClock(HURRY) });
  try {
    await waitFor(async () => (await db.query(sql`select from bot_channel_scan_runs`)).length > 0);
    await untilScanned(db, 1);
    await waitFor(async () => {
      const unfinished = await db.query(sql`
        select from index_passes where status in ('queued', 'running')
        union all
        select from bot_channel_scan_runs where status in ('queued', 'running')`);
      return unfinished.length === 0;
    });
  } finally {
    await program.stop();
  }
}

async function comparison() {
  const [row] = await db.query(sql`
    select sum(videos_found)::int as found, sum(index_found)::int as told, sum(index_missed)::int as missed
    from scan_run_walks`);
  return row;
}

async function videoOf(n: number) {
  const [row] = await db.query<{ is_confirmed: boolean; is_deleted: boolean; found_by: string }>(sql`
    select is_confirmed, deleted_at is not null as is_deleted, found_by from videos
    where message_id = ${messageId(n)}::bigint`);
  return row;
}

test('a walk confirms what the index told, and its report says that it was known', async () => {
  const { videosFound } = await stage.pass(ids.guild);
  expect(videosFound).toBe(25n);
  expect(await videoOf(240)).toEqual({ is_confirmed: false, is_deleted: false, found_by: 'index' });
  await walk();
  expect(await videoOf(240)).toEqual({ is_confirmed: true, is_deleted: false, found_by: 'index' });
  expect(await db.query(sql`select from videos where not is_confirmed`)).toHaveLength(0);
  expect(await comparison()).toEqual({ found: 25, told: 25, missed: 0 });
  expect(await db.query(sql`select from index_passes`)).toHaveLength(1); // the program needed no other
});

test('what the index misses is found by the walk, and the report says how much that was', async () => {
  await stage.sandbox.control('search-flaws', { hidden_before: messageId(121) });
  expect(await stage.pass(ids.guild)).toMatchObject({ videosFound: 12n });
  await walk();
  expect(await stage.shownVideos(ids.guild)).toHaveLength(25);
  expect(await comparison()).toEqual({ found: 25, told: 12, missed: 13 });
  expect(await videoOf(0)).toEqual({ is_confirmed: true, is_deleted: false, found_by: 'history' });
});

test('what the walk does not see any more is stale, whether message or file is gone', async () => {
  await stage.pass(ids.guild);
  const message = (n: number) => ({ channel_id: ids.general, message_id: messageId(n) });
  await stage.sandbox.control('delete', message(240));
  await stage.sandbox.control('edit', { ...message(230), files: [] });
  await walk();
  expect(await videoOf(240)).toMatchObject({ is_confirmed: false, is_deleted: true });
  expect(await videoOf(230)).toMatchObject({ is_confirmed: false, is_deleted: true });
  expect(await stage.shownVideos(ids.guild)).toHaveLength(23);
  expect(await comparison()).toEqual({ found: 23, told: 23, missed: 0 });
});

test('what a walk has processed, or somebody deleted, the index cannot bring back', async () => {
  await stage.pass(ids.guild);
  await markMessagesDeleted(db, [messageId(100)]); // told by the gateway; the index is behind
  await db.query(sql`delete from deleted_messages`);
  expect(await stage.pass(ids.guild)).toMatchObject({ videosFound: 0n });
  expect(await videoOf(100)).toMatchObject({ is_deleted: true });
  await walk();
  await db.query(sql`delete from videos where message_id = ${messageId(50)}::bigint`);
  expect(await stage.pass(ids.guild)).toMatchObject({ status: 'succeeded', videosFound: 0n });
  expect(await videoOf(50)).toBeUndefined();
});

test('a walk at the same time doubles nothing and leaves nothing unconfirmed', async () => {
  await stage.sandbox.control('search-flaws', { most_hits: 2 });
  await walk();
  expect(await stage.lastPass(ids.guild)).toMatchObject({ status: 'succeeded', requestedBy: 'auto' });
  const shown = await stage.shownVideos(ids.guild);
  expect(shown).toEqual(Array.from({ length: 25 }, (_, n) => `${messageId(n * 10)} ${attachmentId(n * 10)}`));
  expect(await db.query(sql`select from videos where not is_confirmed`)).toHaveLength(0);
  expect(await comparison()).toMatchObject({ found: 25 });
  const [general] = await db.query(sql`
    select message_count from bot_channels where channel_id = ${ids.general}`);
  expect(general).toEqual({ message_count: '250' });
});

test('index_first switched off, a guild is walked without a pass', async () => {
  await db.query(sql`update guild_settings set settings = settings || '{"index_first": false}'`);
  await walk();
  expect(await stage.lastPass(ids.guild)).toBeUndefined();
  expect(await comparison()).toEqual({ found: 25, told: 0, missed: 0 });
});
