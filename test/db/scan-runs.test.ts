import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { findRun, listRuns } from '../../src/db/list-scan-runs.ts';
import { cancelScanRun, failScanRun, startScanRun } from '../../src/db/move-scan-run.ts';
import { getScanRun } from '../../src/db/scan-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addChannel, addGuild, addRun } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** Runs of one channel, oldest first, all but the last one canceled. */
async function addRuns(db: Database, channelId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const previous = ids.at(-1);
    if (previous) await cancelScanRun(db, previous);
    ids.push((await addRun(db, channelId)).id);
  }
  return ids;
}

test('a list shows what moves, what waits, and then the newest, of a guild or a channel', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const [one, two] = [await addChannel(db, { guildId }), await addChannel(db, { guildId })];
  const ofOne = await addRuns(db, one, 3);
  const ofTwo = await addRuns(db, two, 2);
  await addRun(db);
  const [moving, waiting] = [ofOne.at(-1) ?? '', ofTwo.at(-1) ?? ''];
  await startScanRun(db, moving, 'w1');
  const listed = await listRuns(db, 'everything', { guildId, limit: 10 });
  const ended = [ofTwo[0], ofOne[1], ofOne[0]];
  expect(listed.map((run) => run.id)).toEqual([moving, waiting, ...ended]);
  expect((await listRuns(db, 'everything', { guildId, limit: 2 })).map((run) => run.id)).toEqual([
    moving,
    waiting,
  ]);
  expect(await listRuns(db, 'everything', { channelId: one, limit: 1 })).toEqual([
    await getScanRun(db, moving),
  ]);
  expect(await findRun(db, 'everything', moving)).toEqual(await getScanRun(db, moving));
});

test('of each channel the newest run can be asked for; a canceled one says nothing of its channel', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const [one, two] = [await addChannel(db, { guildId }), await addChannel(db, { guildId })];
  const [, failed] = [await addRuns(db, one, 1), (await addRuns(db, two, 1))[0] ?? ''];
  await failScanRun(db, failed, 'missing_access: the bot cannot see it');
  const [canceled] = await addRuns(db, two, 1);
  await cancelScanRun(db, canceled ?? '');
  const newest = await listRuns(db, 'everything', { guildId, isNewest: true, limit: 10 });
  expect(newest.map((run) => [run.channelId, run.status])).toEqual(
    expect.arrayContaining([
      [one, 'queued'],
      [two, 'failed'],
    ]),
  );
});

test('what is no id of a run is no run', async () => {
  const { db } = database;
  for (const id of ['', 'no-uuid', "' or true --", `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`]) {
    expect(await getScanRun(db, id)).toBeNull();
    expect(await findRun(db, 'everything', id)).toBeNull();
  }
});

test('runs of a channel that may not be shown are not listed', async () => {
  const { db } = database;
  const channelId = await addChannel(db);
  const run = await addRun(db, channelId);
  await db.query(sql`update bot_channels set is_nsfw = true where channel_id = ${channelId}`);
  expect(await listRuns(db, 'everything', { channelId, limit: 10 })).toEqual([]);
  expect(await findRun(db, 'everything', run.id)).toBeNull();
});
