import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { hasLivingWorker, raiseBeacon } from '../../src/db/job-queue.ts';
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
