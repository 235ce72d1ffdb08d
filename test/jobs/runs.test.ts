import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { listRuns } from '../../src/db/list-scan-runs.ts';
import { cancelScanRun, failScanRun, startScanRun, succeedScanRun } from '../../src/db/move-scan-run.ts';
import { claimScanRun, parkScanRun } from '../../src/db/park-scan-run.ts';
import { getScanRun } from '../../src/db/scan-runs.ts';
import { enqueueScan, enqueueScans } from '../../src/jobs/enqueue-scan.ts';
import type { JobHandlers } from '../../src/jobs/jobs.ts';
import { pruneScanRuns } from '../../src/jobs/prune-runs.ts';
import { retryScanRun } from '../../src/jobs/retry-scan.ts';
import { scanGuild } from '../../src/jobs/scan-guild.ts';
import { switchReading } from '../../src/jobs/switch-reading.ts';
import { runWorker } from '../../src/jobs/worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { untilAborted } from '../../src/lib/run-together.ts';
import { addChannel, addGuild, addRun, addRunningRun } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const QUEUED = 1_000;

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

const retry = (runId: string) => db.transaction((tx) => retryScanRun(tx, runId));

test('what failed or was canceled is asked for again with its bounds; the old run stays as it ended', async () => {
  const channelId = await addChannel(db);
  const bounds = { afterMessageId: '5', beforeMessageId: '900' };
  const first = await db.transaction((tx) => enqueueScan(tx, { channelId, ...bounds, requestedBy: 'auto' }));
  if (!first.ok) throw new Error(first.reason);
  expect(await retry(first.run.id)).toEqual({ ok: false, reason: 'run_not_retryable', status: 'queued' });
  const failed = await failScanRun(db, first.run.id, 'internal: a fault');
  const second = await retry(first.run.id);
  expect(second).toMatchObject({ ok: true, run: { ...bounds, channelId, requestedBy: 'person' } });
  expect(await retry(first.run.id)).toMatchObject({ ok: false, reason: 'run_unfinished' });
  expect(failed.ok && failed.run).toEqual(await getScanRun(db, first.run.id));

  if (!second.ok) throw new Error(second.reason);
  await cancelScanRun(db, second.run.id);
  const third = await retry(second.run.id);
  expect(third).toMatchObject({ ok: true });
  if (!third.ok) throw new Error(third.reason);
  await startScanRun(db, third.run.id, 'w');
  await succeedScanRun(db, third.run.id, 'w');
  expect(await retry(third.run.id)).toMatchObject({ reason: 'run_not_retryable', status: 'succeeded' });
  expect(await retry('no-run')).toEqual({ ok: false, reason: 'run_unknown' });
});

test('of a guild those channels are queued that are read, hold messages, and have no run under way', async () => {
  const guildId = await addGuild(db);
  const wanted = [await addChannel(db, { guildId }), await addChannel(db, { guildId, type: 'voice' })];
  await addChannel(db, { guildId, isReading: false });
  await addChannel(db, { guildId, type: 'category' });
  await addChannel(db, { guildId, isNsfw: true });
  const underWay = await addRun(db, await addChannel(db, { guildId }));
  const runIds = await db.transaction((tx) => scanGuild(tx, guildId));
  const runs = await listRuns(db, 'everything', { guildId, limit: 100 });
  expect(runs.map((run) => run.id).toSorted()).toEqual([...runIds, underWay.id].toSorted());
  expect(runs.map((run) => run.channelId)).toEqual(expect.arrayContaining(wanted));
  expect(await db.transaction((tx) => scanGuild(tx, guildId))).toEqual([]);
});

test('switched off, a channel ends its run with the reason, and so do its threads', async () => {
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  const threadId = await addChannel(db, { guildId, parentId: channelId, type: 'public_thread' });
  const runs = [await addRun(db, channelId), await addRun(db, threadId)];
  const result = await db.transaction((tx) => switchReading(tx, guildId, [channelId], false));
  expect(result).toEqual({
    switchedIds: expect.arrayContaining([channelId, threadId]),
    canceledRunIds: expect.arrayContaining(runs.map(({ id }) => id)),
    queuedRunIds: [],
  });
  for (const { id } of runs) {
    expect(await getScanRun(db, id)).toMatchObject({ status: 'canceled', reason: 'channel_not_reading' });
  }
  const again = await db.transaction((tx) => switchReading(tx, guildId, [channelId], false));
  expect(again).toEqual({ switchedIds: [], canceledRunIds: [], queuedRunIds: [] });
});

test('switched on again, what was posted meanwhile is queued above what is covered', async () => {
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId, isReading: false });
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned) values (${channelId}, '{[1,500),[600,701)}')`);
  await failScanRun(db, (await addCanceledRun(guildId, channelId)) ?? '', 'x');
  const result = await db.transaction((tx) => switchReading(tx, guildId, [channelId], true));
  const [run] = await listRuns(db, 'everything', { channelId, status: 'queued', limit: 1 });
  expect(result).toMatchObject({ switchedIds: [channelId], queuedRunIds: [run?.id] });
  expect(run).toMatchObject({ afterMessageId: '700', beforeMessageId: null, requestedBy: 'catch_up' });
});

/** A run of the past, so that the channel is none that was never scanned. */
async function addCanceledRun(guildId: string, channelId: string): Promise<string | undefined> {
  const rows = await db.query<{ id: string }>(sql`
    insert into bot_channel_scan_runs (channel_id, status)
    select channel_id, 'canceled' from bot_channels where guild_id = ${guildId} and channel_id = ${channelId}
    returning id`);
  return rows[0]?.id;
}

test('waits grow until a page comes, whichever worker waits, and stop with the run', async () => {
  const { id } = await addRunningRun(db, 'w1');
  const park = (workerId: string) =>
    parkScanRun(db, id, workerId, 'discord_unavailable', { firstSecs: 15, maxSecs: 100 });
  expect(await park('w1')).toBe(15);
  expect(await getScanRun(db, id)).toMatchObject({
    parkedReason: 'discord_unavailable',
    parkedUntil: expect.any(Date),
  });
  const taken = await startScanRun(db, id, 'w2');
  expect(taken).toMatchObject({ run: { parkedReason: null, parkedUntil: null } });
  expect(await park('w1')).toBeNull();
  expect(await park('w2')).toBe(30);
  expect(await park('w2')).toBe(60);
  expect(await park('w2')).toBe(100);
  expect(await claimScanRun(db, id, 'w1')).toBe(false);
  expect(await claimScanRun(db, id, 'w2')).toBe(true);
  await cancelScanRun(db, id);
  expect(await park('w2')).toBeNull();
  expect(await getScanRun(db, id)).toMatchObject({ parkedReason: null, reason: 'canceled' });
});

test('old runs go in batches; those under way, the newest that ended and the newest success stay', async () => {
  const channelId = await addChannel(db);
  await db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status, created_at, finished_at)
    select ${channelId}, status::scan_status, now() - make_interval(days => age), now() - make_interval(days => age)
    from (
      select case when n = 1 then 'succeeded' else 'failed' end, 400 + n from generate_series(1, 2500) n
      union all values ('canceled', 390), ('failed', 10)
    ) as runs (status, age)`);
  await addRun(db, channelId);
  expect(await pruneScanRuns(db, 380, new AbortController().signal)).toBe(2_500);
  const left = await listRuns(db, 'everything', { channelId, limit: 10 });
  expect(left.map((run) => run.status)).toEqual(['queued', 'failed', 'succeeded']);
  expect(await pruneScanRuns(db, 380, new AbortController().signal)).toBe(0);
});

test(`what a person asks for overtakes a queue of ${QUEUED} that nobody waits for, also as a retry`, async () => {
  await using other = await createTestDatabase();
  const guildId = await addGuild(other.db);
  await other.db.query(sql`
    insert into bot_channels (channel_id, guild_id, type, is_reading)
    select (1000000 + n)::text, ${guildId}, 'text', true from generate_series(1, ${QUEUED}) n`);
  const channelIds = Array.from({ length: QUEUED }, (_, index) => String(1_000_001 + index));
  await using worker = startRecorder(other.db); // makes the queue's tables, too
  await other.db.transaction((tx) =>
    enqueueScans(
      tx,
      channelIds.map((channelId) => ({ channelId, requestedBy: 'auto' as const })),
    ),
  );
  await waitFor(() => worker.handled.length > 0);
  const failed = await addRun(other.db, await addChannel(other.db, { guildId }));
  await failScanRun(other.db, failed.id, 'internal: a fault');
  const retried = await other.db.transaction((tx) => retryScanRun(tx, failed.id));
  if (!retried.ok) throw new Error(retried.reason);
  const before = worker.handled.length;
  worker.goOn();
  await waitFor(() => worker.handled.includes(retried.run.id));
  expect(worker.handled.indexOf(retried.run.id)).toBeLessThanOrEqual(before);
});

/** A worker that does one job at a time, and stops at the first until it is told to go on. */
function startRecorder(on: Database) {
  const stop = new AbortController();
  const gate = new AbortController();
  const handled: string[] = [];
  const handlers = {
    async scan_run({ runId }: { runId: string }) {
      handled.push(runId);
      await untilAborted(gate.signal);
    },
  } as unknown as JobHandlers;
  const log = createLogger('silent');
  const running = runWorker({
    db: on,
    handlers,
    schedules: {},
    concurrency: 1,
    clock: systemClock,
    log,
    signal: stop.signal,
  });
  return {
    handled,
    goOn: () => gate.abort(),
    async [Symbol.asyncDispose]() {
      gate.abort();
      stop.abort();
      await running;
    },
  };
}
