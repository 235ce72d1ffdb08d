import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getCoverage } from '../../src/db/coverage.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { enqueueScan } from '../../src/jobs/enqueue-scan.ts';
import { scanThreadsOf } from '../../src/jobs/enqueue-thread-lists.ts';
import { hasId } from '../../src/lib/ranges.ts';
import { GENERAL_MESSAGES, ids, messageId, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type RunningProgram, startProgram, startTestSandbox, type TestSandbox } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

let testDatabase: TestDatabase;
let db: Database;
let sandbox: TestSandbox;
let program: RunningProgram;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
  sandbox = await startTestSandbox(smallWorld());
  program = await startProgram(testDatabase.url, sandbox);
  await waitFor(async () => (await countRuns('succeeded')) > 0);
  await untilIdle();
});
afterAll(async () => {
  await program?.stop();
  await sandbox?.close();
  await testDatabase?.close();
});
beforeEach(() => sandbox.control('reset-stats'));

async function countRuns(status: string): Promise<number> {
  return (await db.query(sql`select from bot_channel_scan_runs where status = ${status}::scan_status`))
    .length;
}

/** No run and no listing of threads is left to be done. */
async function untilIdle(): Promise<void> {
  await waitFor(async () => {
    const rows = await db.query(sql`
      select from graphile_worker.jobs where task_identifier in ('scan_run', 'list_threads')`);
    return rows.length === 0 && (await countRuns('queued')) + (await countRuns('running')) === 0;
  });
}

/** Scans the channel as a person asks for it; answers what was asked of Discord, by route. */
async function requestsOfScan(channelId: string): Promise<Record<string, number>> {
  await sandbox.control('reset-stats');
  const result = await db.transaction((tx) => enqueueScan(tx, { channelId, requestedBy: 'person' }));
  expect(result.ok).toBe(true);
  await untilIdle();
  return sandbox.requests();
}

const pages = (count: number) => ({ 'GET /channels/:channel/messages': count });

async function forget(channelId: string, ranges = '{}'): Promise<void> {
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned) values (${channelId}, ${ranges}::int8multirange)
    on conflict (channel_id) do update set scanned = excluded.scanned`);
}

async function scanPosts(parentId: string, count: number, messages: number): Promise<Record<string, number>> {
  await sandbox.control('create-archived-threads', { channel_id: parentId, count, messages });
  await sandbox.control('reset-stats');
  expect(await db.transaction((tx) => scanThreadsOf(tx, parentId))).toEqual({ ok: true });
  await untilIdle();
  return sandbox.requests();
}

test('a post with its first message costs one request, a thread two, and a second scan of either one', async () => {
  const ofPosts = await scanPosts(ids.forum, 10, 5);
  expect(ofPosts).toMatchObject(pages(10));
  const ofSinglePosts = await scanPosts(ids.forum, 10, 1);
  expect(ofSinglePosts).toMatchObject(pages(10));
  const ofThreads = await scanPosts(ids.general, 10, 5);
  expect(ofThreads).toMatchObject(pages(20));
  const threads = await db.query<{ id: string; videos: number; messages: number }>(sql`
    select c.channel_id as id, (select count(*)::int from videos v where v.channel_id = c.channel_id) as videos,
      c.message_count::int as messages
    from bot_channels c where c.name like 'thread 15%'`);
  expect(threads).toHaveLength(30);
  expect(threads.every(({ videos }) => videos === 1)).toBe(true);
  expect(threads.reduce((sum, { messages }) => sum + messages, 0)).toBe(110);
  expect(await requestsOfScan(threads[0]?.id ?? '')).toEqual(pages(1));
  expect(await requestsOfScan(ids.general)).toEqual(pages(1));
});

test('the end of a history costs one request that shows the message above it', async () => {
  await forget(ids.general);
  // 250 messages: two full pages, one of 50, and the proof that nothing is below.
  expect(await requestsOfScan(ids.general)).toEqual(pages(4));
  expect((await getCoverage(db, ids.general))[0]?.low).toBe(1n);
});

test('holes with less than a page between them are walked as one, and each message counts once', async () => {
  const [before] = await db.query<{ count: string }>(sql`
    select message_count as count from bot_channels where channel_id = ${ids.general}`);
  const top = BigInt(messageId(GENERAL_MESSAGES)) + 1n;
  const holes = [10, 30, 50, 70, 200, 220, 240].map(
    (n) => [BigInt(messageId(n)), BigInt(messageId(n + 5))] as const,
  );
  await db.query(sql`
    update scan_coverage set scanned = int8multirange(int8range(1, ${top}::bigint))
      - ${`{${holes.map(([low, high]) => `[${low},${high})`).join(',')}}`}::int8multirange
    where channel_id = ${ids.general}`);
  // The page that looks for news closes the upper three on its way, a second one the lower four.
  expect(await requestsOfScan(ids.general)).toEqual(pages(2));
  const covered = await getCoverage(db, ids.general);
  expect(covered).toHaveLength(1);
  for (let n = 0; n < GENERAL_MESSAGES; n += 1) expect(hasId(covered, BigInt(messageId(n)))).toBe(true);
  const [after] = await db.query<{ count: string }>(sql`
    select message_count as count from bot_channels where channel_id = ${ids.general}`);
  expect(Number(after?.count) - Number(before?.count)).toBe(35);
});

test('a thread that was deleted while archived is taken out by the scan that asks for it', async () => {
  await scanPosts(ids.forum, 1, 1);
  const [thread] = await db.query<{ id: string }>(sql`
    select channel_id as id from channel_access where archived_at is not null order by archived_at desc limit 1`);
  const channelId = thread?.id ?? '';
  await program.stop();
  await sandbox.control('delete-channel', { channel_id: channelId });
  program = await startProgram(testDatabase.url, sandbox, { ROLES: 'worker' });
  await db.transaction((tx) => enqueueScan(tx, { channelId, requestedBy: 'person' }));
  await waitFor(
    async () => (await db.query(sql`select from bot_channels where channel_id = ${channelId}`)).length === 0,
  );
  expect(await db.query(sql`select from videos where channel_id = ${channelId}`)).toEqual([]);
});
