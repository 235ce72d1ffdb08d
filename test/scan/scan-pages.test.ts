import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureCoverage, getCoverage } from '../../src/db/coverage.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import { writeLiveMessages } from '../../src/db/live-messages.ts';
import { cancelScanRun, startScanRun, succeedScanRun } from '../../src/db/move-scan-run.ts';
import { commitScanPage, type ScanPage } from '../../src/db/scan-pages.ts';
import { markMessagesDeleted } from '../../src/db/videos.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addReadingChannel, aVideo } from '../support/library-fixtures.ts';
import { waitFor } from '../support/wait-for.ts';

let testDatabase: TestDatabase;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
});
afterAll(() => testDatabase.close());

let nextChannel = 1000;

/** A fresh channel with a run that worker `w1` has started. */
async function startRun(): Promise<{ channelId: string; runId: string }> {
  nextChannel += 1000;
  const channelId = String(nextChannel);
  await addReadingChannel(db, '5', channelId);
  await ensureCoverage(db, channelId);
  const queued = await enqueueScanRun(db, { channelId, requestedBy: 'person' });
  if (!queued.ok) throw new Error(queued.reason);
  await startScanRun(db, queued.run.id, 'w1');
  return { channelId, runId: queued.run.id };
}

function page(
  run: { channelId: string; runId: string },
  ids: number[],
  over: Partial<ScanPage> = {},
): ScanPage {
  const messageIds = ids.map(String);
  return {
    runId: run.runId,
    workerId: 'w1',
    covered: { low: BigInt(Math.min(...ids)), high: BigInt(Math.max(...ids) + 1) },
    isLast: false,
    messageIds,
    ownFormats: null,
    skipped: [],
    videos: [
      aVideo({ id: `9${ids[0]}`, messageId: String(ids[0]), channelId: run.channelId, authorId: '77' }),
    ],
    authors: [{ id: '77', username: 'ada', globalName: null, avatar: null, isBot: false }],
    newestAt: '2026-01-02T00:00:00.000Z',
    pace: { workingMs: 1, plannedSpanMs: 1, remainingSpanMs: 1 },
    ...over,
  };
}

/** An id that no other channel has: messages are known by their id alone. */
const messageIn = (run: { channelId: string }): number => Number(run.channelId) + 1_000_000;

async function stateOf({ channelId, runId }: { channelId: string; runId: string }) {
  const [row] = await db.query<Record<string, unknown>>(sql`
    select c.message_count, c.last_message_id, r.messages_scanned, r.messages_matched, w.pages, w.videos_found,
      w.oldest_message_id,
      (select count(*)::int from videos v where v.channel_id = c.channel_id) as videos,
      (select scanned::text from covered_ids s where s.channel_id = c.channel_id) as scanned
    from bot_channels c, bot_channel_scan_runs r
    join scan_run_walks w on w.run_id = r.id
    where c.channel_id = ${channelId} and r.id = ${runId}`);
  return row;
}

test('a page, its proof and all counts commit together', async () => {
  const run = await startRun();
  expect(await commitScanPage(db, page(run, [1005, 1003, 1001]))).toBe('committed');
  expect(await stateOf(run)).toEqual({
    message_count: '3',
    last_message_id: '1005',
    messages_scanned: '3',
    messages_matched: '1',
    pages: '1',
    videos_found: '1',
    oldest_message_id: '1001',
    videos: 1,
    scanned: '{[1001,1006)}',
  });
});

test('what was covered before is not counted again, and the cursor never goes back', async () => {
  const run = await startRun();
  await commitScanPage(db, page(run, [9999, 10001]));
  await commitScanPage(db, page(run, [9999, 10001, 998, 999], { covered: { low: 998n, high: 10002n } }));
  expect(await stateOf(run)).toMatchObject({
    message_count: '4',
    last_message_id: '10001',
    messages_scanned: '6',
    scanned: '{[998,10002)}',
  });
});

test('whatever pages prove, in whatever order, is covered, and nothing else', async () => {
  const range = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 60 }));
  const step = fc.record({
    covered: fc.option(range.map(([low, length]) => ({ low: BigInt(low), high: BigInt(low + length) }))),
    isLast: fc.boolean(),
    live: fc.option(range),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const run = await startRun();
      const wanted = new Set<bigint>();
      for (const { covered, isLast, live } of steps) {
        const empty = { messageIds: [], videos: [], authors: [], newestAt: null };
        await commitScanPage(db, page(run, [1], { ...empty, covered, isLast }));
        for (let id = covered?.low ?? 0n; id < (covered?.high ?? 0n); id += 1n) wanted.add(id);
        if (live === null) continue;
        const [low, length] = live;
        await db.query(sql`
          update scan_coverage set scanned = scanned + int8multirange(int8range(${low}::bigint, ${low + length}::bigint))
          where channel_id = ${run.channelId}`);
        for (let id = low; id < low + length; id += 1) wanted.add(BigInt(id));
      }
      const told = (await getCoverage(db, run.channelId)).flatMap(({ low, high }) =>
        Array.from({ length: Number(high - low) }, (_, n) => low + BigInt(n)),
      );
      expect(told).toEqual([...wanted].sort((a, b) => Number(a - b)));
      const [row] = await db.query(sql`select walked from scan_coverage where channel_id = ${run.channelId}`);
      if (steps.at(-1)?.isLast) expect(row).toEqual({ walked: null });
    }),
    { numRuns: 60 },
  );
});

test('an empty page may prove something, or nothing', async () => {
  const run = await startRun();
  const empty = { messageIds: [], videos: [], authors: [], newestAt: null };
  await commitScanPage(db, page(run, [1], { ...empty, covered: null }));
  expect(await stateOf(run)).toMatchObject({
    message_count: '0',
    last_message_id: null,
    scanned: '{}',
    pages: '1',
  });
  await commitScanPage(db, page(run, [1], { ...empty, covered: { low: 10n, high: 20n } }));
  expect(await stateOf(run)).toMatchObject({ scanned: '{[10,20)}', oldest_message_id: null });
});

test('nothing of a page is written after a cancellation, a takeover or the end', async () => {
  const canceled = await startRun();
  await cancelScanRun(db, canceled.runId);
  expect(await commitScanPage(db, page(canceled, [1005]))).toBe('not_running');
  const taken = await startRun();
  await startScanRun(db, taken.runId, 'w2');
  expect(await commitScanPage(db, page(taken, [1005]))).toBe('not_running');
  const ended = await startRun();
  await succeedScanRun(db, ended.runId, 'w1');
  expect(await commitScanPage(db, page(ended, [1005]))).toBe('not_running');
  for (const run of [canceled, taken, ended]) {
    expect(await stateOf(run)).toMatchObject({ message_count: '0', videos: 0, scanned: '{}', pages: '0' });
  }
});

test('nothing of a page is written by other formats than count now, or where the channel is not read', async () => {
  const run = await startRun();
  await db.query(sql`
    update bot_channels set settings = '{"video_formats": ["foo"]}' where channel_id = ${run.channelId}`);
  const rules = { isReading: true, isOpen: true, ownFormats: '["foo"]' };
  expect(await commitScanPage(db, page(run, [messageIn(run)]))).toEqual({ otherRules: rules });
  await db.query(sql`update bot_channels set is_reading = false where channel_id = ${run.channelId}`);
  const told = page(run, [messageIn(run)], { ownFormats: '["foo"]' });
  expect(await commitScanPage(db, told)).toEqual({ otherRules: { ...rules, isReading: false } });
  expect(await stateOf(run)).toMatchObject({ message_count: '0', videos: 0, scanned: '{}', pages: '0' });
  await db.query(sql`update bot_channels set is_reading = true where channel_id = ${run.channelId}`);
  expect(await commitScanPage(db, told)).toBe('committed');
  expect(await stateOf(run)).toMatchObject({ message_count: '1', videos: 1, pages: '1' });
});

test('a page that waits while reading is switched off writes nothing', async () => {
  const run = await startRun();
  let waiting: ReturnType<typeof commitScanPage> | undefined;
  await db.transaction(async (tx) => {
    await tx.query(sql`update bot_channels set is_reading = false where channel_id = ${run.channelId}`);
    waiting = commitScanPage(db, page(run, [1005]));
    await waitFor(async () => {
      const blocked = await db.query(sql`
        select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%page_rules%'`);
      return blocked.length === 1;
    });
  });
  expect(await waiting).toEqual({ otherRules: { isReading: true, isOpen: true, ownFormats: null } });
  expect(await stateOf(run)).toMatchObject({ message_count: '0', videos: 0, scanned: '{}', pages: '0' });
});

test('a cancellation that waits for a page in flight is answered after it, and then nothing more comes', async () => {
  for (let round = 0; round < 20; round += 1) {
    const run = await startRun();
    const [committed, canceled] = await Promise.all([
      commitScanPage(db, page(run, [messageIn(run)])),
      cancelScanRun(db, run.runId),
    ]);
    expect(canceled.ok).toBe(true);
    expect(await stateOf(run)).toMatchObject({ videos: committed === 'committed' ? 1 : 0 });
  }
});

test('pages and live messages that overlap at the same moment count each message once', async () => {
  const run = await startRun();
  const ids = Array.from({ length: 200 }, (_, i) => 2_000_000 + i);
  const newestAt = '2026-01-02T00:00:00.000Z';
  const pages = [ids.slice(0, 100), ids.slice(100)].map((part) => commitScanPage(db, page(run, part)));
  const live = ids
    .slice(50, 200)
    .map((id) =>
      db.transaction((tx) =>
        writeLiveMessages(
          tx,
          's1',
          [{ channelId: run.channelId, messageIds: [String(id)], newestAt }],
          [],
          [],
        ),
      ),
    );
  await Promise.all([...live, ...pages]);
  expect(await stateOf(run)).toMatchObject({ message_count: '200', messages_scanned: '200', videos: 2 });
  expect(await getCoverage(db, run.channelId)).toEqual([{ low: 2_000_000n, high: 2_000_200n }]);
});

test('a message deleted while its page was on the way is not brought back', async () => {
  const run = await startRun();
  await markMessagesDeleted(db, ['1005']);
  await commitScanPage(db, page(run, [1005, 1004]));
  expect(await stateOf(run)).toMatchObject({ message_count: '2', videos: 0 });
});

test('a video seen again gets fresher links and edits, never older ones', async () => {
  const run = await startRun();
  const video = { id: '1', messageId: String(messageIn(run)), channelId: run.channelId };
  const commit = (over: Parameters<typeof aVideo>[0]) =>
    commitScanPage(db, page(run, [messageIn(run)], { videos: [aVideo(over)] }));
  const stored = async () => {
    const [row] = await db.query<{ caption: string; url: string; found_by: string; deleted_at: null }>(sql`
      select caption, url, found_by, deleted_at from videos where id = '1' and channel_id = ${run.channelId}`);
    return row;
  };
  await commit({
    ...video,
    caption: 'old',
    url: 'https://cdn.example/1',
    urlExpiresAt: '2026-01-01T00:00:00Z',
  });
  await commit({
    ...video,
    caption: 'new',
    editedAt: '2026-01-03T00:00:00Z',
    url: 'https://cdn.example/2',
    urlExpiresAt: '2026-01-02T00:00:00Z',
  });
  await commit({
    ...video,
    caption: 'old',
    url: 'https://cdn.example/3',
    urlExpiresAt: '2026-01-09T00:00:00Z',
  });
  expect(await stored()).toEqual({
    caption: 'new',
    url: 'https://cdn.example/2',
    found_by: 'history',
    deleted_at: null,
  });
});

test('a page that was read before an edit confirms what the index told of after it, and takes nothing back', async () => {
  const run = await startRun();
  const id = messageIn(run);
  await commitScanPage(db, page(run, [id]));
  await db.query(sql`
    update videos set is_confirmed = false, found_by = 'index', caption = 'edited', edited_at = '2026-01-03T00:00:00Z'
    where message_id = ${id}::bigint`);
  await commitScanPage(db, page(run, [id]));
  const rows = await db.query(sql`
    select is_confirmed, caption, edited_at is not null as is_edited from videos where message_id = ${id}::bigint`);
  expect(rows).toEqual([{ is_confirmed: true, caption: 'edited', is_edited: true }]);
});
