import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancelScanRun, startScanRun } from '../../src/db/move-scan-run.ts';
import { addScanRunProgress } from '../../src/db/scan-run-progress.ts';
import { getScanRun } from '../../src/db/scan-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { whileHeld } from './blocked-statements.ts';
import { addRun, addRunningRun } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const page = { messagesScanned: 100, messagesMatched: 7, videosFound: 9, oldestMessageId: '1000' };

test('pages add up beyond 2^53, and the oldest message only gets older', async () => {
  const { db } = database;
  const { id } = await addRunningRun(db, 'w1');
  const much = { ...page, messagesScanned: 9_007_199_254_740_993n, oldestMessageId: '9223372036854775807' };
  expect(await addScanRunProgress(db, id, 'w1', much)).toBe(true);
  for (const oldestMessageId of ['1000', '999', '1001', null]) {
    await addScanRunProgress(db, id, 'w1', { ...page, oldestMessageId });
  }
  expect(await getScanRun(db, id)).toMatchObject({
    messagesScanned: 9_007_199_254_741_393n,
    messagesMatched: 35n,
    videosFound: 45n,
    pages: 5n,
    oldestMessageId: '999',
  });
});

test('only the worker of a running run adds to it', async () => {
  const { db } = database;
  const queued = await addRun(db);
  expect(await addScanRunProgress(db, queued.id, 'w1', page)).toBe(false);
  const running = await addRunningRun(db, 'w1');
  expect(await addScanRunProgress(db, running.id, 'w2', page)).toBe(false);
  expect(await addScanRunProgress(db, 'no-uuid', 'w1', page)).toBe(false);
  expect(await getScanRun(db, running.id)).toEqual(running);
});

test('a page that waits for a cancellation or a takeover adds nothing', async () => {
  const { db } = database;
  const canceled = await addRunningRun(db, 'w1');
  const taken = await addRunningRun(db, 'w1');
  const afterCancel = await whileHeld(
    db,
    (tx) => cancelScanRun(tx, canceled.id),
    () => addScanRunProgress(db, canceled.id, 'w1', page),
  );
  const afterTakeover = await whileHeld(
    db,
    (tx) => startScanRun(tx, taken.id, 'w2'),
    () => addScanRunProgress(db, taken.id, 'w1', page),
  );
  expect([afterCancel, afterTakeover]).toEqual([false, false]);
  for (const { id } of [canceled, taken]) {
    expect(await getScanRun(db, id)).toMatchObject({ messagesScanned: 0n, pages: 0n });
  }
});

test('pages that come at once all count', async () => {
  const { db } = database;
  const { id } = await addRunningRun(db, 'w1');
  await Promise.all(Array.from({ length: 20 }, () => addScanRunProgress(db, id, 'w1', page)));
  expect(await getScanRun(db, id)).toMatchObject({ messagesScanned: 2000n, pages: 20n });
});
