import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { addJob, hasLivingWorker, raiseBeacon, unlockDeadPools } from '../../src/db/job-queue.ts';
import { createTestDatabase } from '../support/database.ts';

test('the beacon of a worker whose host vanishes goes out within half a minute', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const beacon = await db.hold(() => {});
  await raiseBeacon(beacon, 'pool-1');
  const [keepalive] = await beacon.query<Record<'idle' | 'interval' | 'count', string>>(sql`
    select current_setting('tcp_keepalives_idle') as idle, current_setting('tcp_keepalives_interval') as interval,
      current_setting('tcp_keepalives_count') as count`);
  const { idle, interval, count } = keepalive ?? {};
  expect(Number(idle)).toBeGreaterThan(0); // 0 where the server does not hold it
  expect(Number(idle) + Number(interval) * Number(count)).toBeLessThanOrEqual(30);
  expect(await hasLivingWorker(db)).toBe(true);
  beacon.release();
});

test('a job whose worker died is free again, with all its attempts', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  await addJob(db, { task: 'scan_run', payload: {} });
  await addJob(db, { task: 'scan_run', payload: {} });
  await db.query(sql`
    update graphile_worker._private_jobs
    set attempts = 10, locked_by = case when id % 2 = 0 then 'dead' else 'alive' end, locked_at = now() - interval '1 minute'`);
  const beacon = await db.hold(() => {});
  await raiseBeacon(beacon, 'alive');
  expect(await unlockDeadPools(db)).toEqual(['dead']);
  expect(await unlockDeadPools(db)).toEqual([]);
  beacon.release();
  const jobs = await db.query(
    sql`select locked_by, attempts from graphile_worker.jobs order by locked_by nulls first`,
  );
  expect(jobs).toEqual([
    { locked_by: null, attempts: 0 },
    { locked_by: 'alive', attempts: 10 },
  ]);
});
