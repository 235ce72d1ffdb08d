import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { cancelScanRun } from '../../src/db/move-scan-run.ts';
import {
  getScanRun,
  latestScanRunPerChannel,
  listScanRuns,
  listUnfinishedScanRuns,
  type ScanRun,
  type ScanRunPage,
} from '../../src/db/scan-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addChannel, addGuild, addRun } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Runs of one channel, oldest first, all but the last one canceled. Some share their time of creation. */
async function addRuns(db: Database, channelId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const previous = ids.at(-1);
    if (previous) await cancelScanRun(db, previous);
    ids.push((await addRun(db, channelId)).id);
  }
  return ids;
}

/** Walks a list to its end by pages of this size. */
async function readPages(limit: number, read: (page: ScanRunPage) => Promise<ScanRun[]>): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const afterRunId = ids.at(-1);
    const runs = await read(afterRunId === undefined ? { limit } : { limit, afterRunId });
    if (runs.length === 0) return ids;
    ids.push(...runs.map((run) => run.id));
  }
}

test('the history of a channel and of a guild comes newest first, page by page, each run once', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const [one, two] = [await addChannel(db, { guildId }), await addChannel(db, { guildId })];
  const ofOne = await addRuns(db, one, 5);
  const ofTwo = await addRuns(db, two, 2);
  await addRun(db);
  expect(await readPages(2, (page) => listScanRuns(db, { channelId: one }, page))).toEqual(
    ofOne.toReversed(),
  );
  const ofGuild = [...ofOne, ...ofTwo].toReversed();
  expect(await readPages(3, (page) => listScanRuns(db, { guildId }, page))).toEqual(ofGuild);

  await db.query(sql`update bot_channel_scan_runs set created_at = '2024-01-01' where channel_id = ${one}`);
  const tied = await readPages(2, (page) => listScanRuns(db, { channelId: one }, page));
  expect(tied.toSorted()).toEqual(ofOne.toSorted());
});

test('a page is bounded, and a cursor that is no run ends the list', async () => {
  const { db } = database;
  const channelId = await addChannel(db);
  await db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status)
    select ${channelId}, 'failed' from generate_series(1, 250)`);
  expect(await listScanRuns(db, { channelId }, { limit: 1_000_000 })).toHaveLength(200);
  expect(await listScanRuns(db, { channelId }, { limit: 10, afterRunId: 'no-uuid' })).toEqual([]);
});

test('the latest run of each channel of a guild is told', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const [one, two] = [await addChannel(db, { guildId }), await addChannel(db, { guildId })];
  await addChannel(db, { guildId });
  const latest = [(await addRuns(db, one, 3)).at(-1), (await addRuns(db, two, 2)).at(-1)];
  await addRun(db);
  const runs = await latestScanRunPerChannel(db, guildId);
  expect(runs.map((run) => run.id)).toEqual(latest.toReversed());
});

test('unfinished runs come in the order of asking, page by page', async () => {
  const { db } = database;
  await db.query(sql`delete from bot_guilds`);
  const channels = [await addChannel(db), await addChannel(db), await addChannel(db)];
  const last: string[] = [];
  for (const channelId of channels) last.push((await addRuns(db, channelId, 2)).at(-1) ?? '');
  expect(await readPages(2, (page) => listUnfinishedScanRuns(db, page))).toEqual(last);
});

test('what is no id of a run is no run', async () => {
  const { db } = database;
  for (const id of ['', 'no-uuid', "' or true --", `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`]) {
    expect(await getScanRun(db, id)).toBeNull();
  }
});
