import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import {
  cancelScanRun,
  cancelUnfinishedScanRuns,
  failScanRun,
  startScanRun,
  succeedScanRun,
} from '../../src/db/move-scan-run.ts';
import { type ScanStatus, scanStatuses, scanTransitions } from '../../src/db/scan-run-states.ts';
import { getScanRun } from '../../src/db/scan-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { whileHeld } from './blocked-statements.ts';
import { addChannel, addRun, addRunningRun } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function addRunIn(status: ScanStatus): Promise<string> {
  const { db } = database;
  if (status === 'queued') return (await addRun(db)).id;
  const { id } = await addRunningRun(db, 'w1');
  if (status === 'succeeded') await succeedScanRun(db, id);
  if (status === 'failed') await failScanRun(db, id, 'broken: by the test');
  if (status === 'canceled') await cancelScanRun(db, id);
  return id;
}

/** Sends the event and answers the run's status when it was accepted, null when it was refused. */
async function send(event: keyof typeof scanTransitions.queued, runId: string): Promise<ScanStatus | null> {
  const { db } = database;
  if (event === 'start') {
    const result = await startScanRun(db, runId, 'w2');
    return result.outcome === 'not_startable' ? null : result.run.status;
  }
  const result = await {
    succeed: () => succeedScanRun(db, runId),
    fail: () => failScanRun(db, runId, 'late: message'),
    cancel: () => cancelScanRun(db, runId, 'late: message'),
  }[event]();
  return result.ok ? result.run.status : null;
}

const cells = scanStatuses.flatMap((status) =>
  (['start', 'succeed', 'fail', 'cancel'] as const).map((event) => ({ status, event })),
);

test.each(cells)('$event of a $status run does what the table says', async ({ status, event }) => {
  const { db } = database;
  const runId = await addRunIn(status);
  const before = await getScanRun(db, runId);
  expect(before?.status).toBe(status);
  const expected = scanTransitions[status][event];
  expect(await send(event, runId)).toBe(expected);
  const after = await getScanRun(db, runId);
  if (expected === null) expect(after).toEqual(before);
  else expect(after?.status).toBe(expected);
});

test('a run has its times from its states, and its reason from the message', async () => {
  const { db } = database;
  const run = await addRunningRun(db, 'w1');
  expect(run).toMatchObject({ status: 'running', finishedAt: null, workerId: 'w1' });
  const message = "no_history_permission: 'give' the bot it\0.";
  const failed = await failScanRun(db, run.id, message);
  if (!failed.ok) throw new Error('refused');
  expect(failed.run).toMatchObject({
    status: 'failed',
    errorMessage: message.replace('\0', ''),
    reason: 'no_history_permission',
    startedAt: run.startedAt,
  });
  expect(Number(failed.run.finishedAt)).toBeGreaterThanOrEqual(Number(run.startedAt));
  expect(await getScanRun(db, run.id)).toEqual(failed.run);

  const canceled = await cancelScanRun(db, (await addRun(db)).id);
  expect(canceled).toMatchObject({
    run: {
      startedAt: null,
      finishedAt: expect.any(Date),
      reason: 'canceled',
      errorMessage: expect.stringMatching(/^canceled: /),
    },
  });
});

test('an endless error message is cut', async () => {
  const result = await failScanRun(database.db, (await addRun(database.db)).id, 'x'.repeat(100_000));
  expect(result.ok && result.run.errorMessage).toHaveLength(2_000);
});

test.each([randomUUID(), 'no-uuid', '', "' or true --"])('there is no run %s to move', async (runId) => {
  const { db } = database;
  expect(await startScanRun(db, runId, 'w1')).toEqual({ outcome: 'not_startable', status: null });
  expect(await succeedScanRun(db, runId)).toEqual({ ok: false, status: null });
  expect(await cancelScanRun(db, runId)).toEqual({ ok: false, status: null });
  expect(await failScanRun(db, runId, 'x', 'w1')).toEqual({ ok: false, status: null });
});

test('of many starts at once one starts the run, the others take it over, and the last one has it', async () => {
  const { db } = database;
  for (let round = 0; round < 10; round++) {
    const { id } = await addRun(db);
    const workers = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'];
    const results = await Promise.all(workers.map((worker) => startScanRun(db, id, worker)));
    const outcomes = results.map((result) => result.outcome).toSorted();
    expect(outcomes).toEqual(['started', ...Array.from({ length: 5 }, () => 'taken_over')]);
    const run = await getScanRun(db, id);
    const owners = await Promise.all(workers.map((worker) => succeedScanRun(db, id, worker)));
    expect(workers.filter((_, index) => owners[index]?.ok)).toEqual([run?.workerId]);
  }
});

test('a takeover keeps the first time of starting', async () => {
  const { db } = database;
  const run = await addRunningRun(db, 'w1');
  const result = await startScanRun(db, run.id, 'w2');
  expect(result).toMatchObject({ outcome: 'taken_over', run: { startedAt: run.startedAt, workerId: 'w2' } });
});

test('a worker that has lost its run while it waited can neither end nor fail it', async () => {
  const { db } = database;
  const { id } = await addRunningRun(db, 'w1');
  const late = await whileHeld(
    db,
    (tx) => startScanRun(tx, id, 'w2'),
    () => succeedScanRun(db, id, 'w1'),
  );
  expect(late).toEqual({ ok: false, status: 'running' });
  expect(await failScanRun(db, id, 'x', 'w1')).toEqual({ ok: false, status: 'running' });
  expect(await succeedScanRun(db, id, 'w2')).toMatchObject({ ok: true });
});

test('of a cancellation and a success at once exactly one wins, and its state stays', async () => {
  const { db } = database;
  for (let round = 0; round < 20; round++) {
    const { id } = await addRunningRun(db, 'w1');
    const [canceled, succeeded] = await Promise.all([cancelScanRun(db, id), succeedScanRun(db, id, 'w1')]);
    expect([canceled.ok, succeeded.ok].filter(Boolean)).toHaveLength(1);
    const winner = canceled.ok ? 'canceled' : 'succeeded';
    expect((await getScanRun(db, id))?.status).toBe(winner);
    expect(canceled.ok ? succeeded : canceled).toEqual({ ok: false, status: winner });
  }
});

test('a run that is canceled while its start waits is not started', async () => {
  const { db } = database;
  const { id } = await addRun(db);
  const late = await whileHeld(
    db,
    (tx) => cancelScanRun(tx, id),
    () => startScanRun(db, id, 'w1'),
  );
  expect(late).toEqual({ outcome: 'not_startable', status: 'canceled' });
  expect((await getScanRun(db, id))?.startedAt).toBeNull();
});

test('a run does not end before it started, even in a transaction that began earlier', async () => {
  const { db } = database;
  const { id } = await addRun(db);
  await db.transaction(async (tx) => {
    await tx.query(sql`select now()`);
    await startScanRun(db, id, 'w1');
    await cancelScanRun(tx, id);
  });
  const rows = await db.query(sql`
    select from bot_channel_scan_runs where id = ${id} and started_at < finished_at and created_at < started_at`);
  expect(rows).toHaveLength(1);
});

test('all that is unfinished in some channels is canceled with its reason', async () => {
  const { db } = database;
  const [queued, running, other] = [await addRun(db), await addRunningRun(db, 'w1'), await addRun(db)];
  const finished = await addRunIn('succeeded');
  const finishedRun = await getScanRun(db, finished);
  const channels = [queued, running, finishedRun].map((run) => run?.channelId ?? '');
  const message = 'age_restricted: the channel became age-restricted';
  const canceled = await cancelUnfinishedScanRuns(db, [...channels, await addChannel(db)], message);
  expect(canceled.toSorted()).toEqual([queued.id, running.id].toSorted());
  expect(await getScanRun(db, running.id)).toMatchObject({
    status: 'canceled',
    errorMessage: message,
    reason: 'age_restricted',
  });
  expect(await getScanRun(db, other.id)).toEqual(other);
  expect(await getScanRun(db, finished)).toEqual(finishedRun);
  expect(await cancelUnfinishedScanRuns(db, channels, message)).toEqual([]);
});

test('a run that another program wrote into the table can be walked too', async () => {
  const { db } = database;
  const channelId = await addChannel(db);
  const [row] = await db.query<{ id: string }>(sql`
    insert into bot_channel_scan_runs (channel_id) values (${channelId}) returning id`);
  const id = row?.id ?? '';
  expect(await getScanRun(db, id)).toMatchObject({ requestedBy: 'person', workerId: null, pages: 0n });
  expect(await startScanRun(db, id, 'w1')).toMatchObject({ outcome: 'started', run: { workerId: 'w1' } });
});
