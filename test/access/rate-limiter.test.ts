import { afterAll, beforeAll, expect, test } from 'vitest';
import { InstanceKey } from '../../src/access/instance-key.ts';
import { RateLimiter } from '../../src/access/rate-limiter.ts';
import { Database, sql } from '../../src/db/database.ts';
import { purgeRateLimits } from '../../src/db/rate-limits.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const [key] = new InstanceKey('a secret key of 32 characters, ok').subkeys('rate limits');
const perHour = (name: string, count: number) => ({ key: name, count, perSecs: 3_600 });

let database: TestDatabase;
let limiter: RateLimiter;
beforeAll(async () => {
  database = await createTestDatabase();
  limiter = new RateLimiter(database.db, key);
});
afterAll(() => database.close());

/** As if so many seconds had passed. */
async function letPass(secs: number): Promise<void> {
  await database.db.query(sql`update rate_limits set full_at = full_at - make_interval(secs => ${secs})`);
}

test('an allowance may be used at once, then comes back evenly', async () => {
  const login = perHour('login 10.0.0.1', 6); // one in ten minutes
  for (let count = 0; count < 6; count += 1) expect(await limiter.take(login)).toBeNull();
  const waitMs = await limiter.take(login);
  expect(waitMs).toBeGreaterThan(590_000);
  expect(waitMs).toBeLessThanOrEqual(600_000);
  await letPass(590);
  expect(await limiter.take(login)).toBeLessThanOrEqual(10_000);
  await letPass(10);
  expect(await limiter.take(login)).toBeNull();
  expect(await limiter.take(login)).toBeGreaterThan(590_000);
  await letPass(100_000); // never more than all of it
  for (let count = 0; count < 6; count += 1) expect(await limiter.take(login)).toBeNull();
  expect(await limiter.take(login)).not.toBeNull();
});

test('refused requests cost nothing', async () => {
  const login = perHour('login 10.0.0.2', 1);
  expect(await limiter.take(login)).toBeNull();
  for (let count = 0; count < 50; count += 1) expect(await limiter.take(login)).not.toBeNull();
  await letPass(3_600);
  expect(await limiter.take(login)).toBeNull();
});

test('others have their own', async () => {
  expect(await limiter.take(perHour('search 1', 1))).toBeNull();
  expect(await limiter.take(perHour('search 2', 1))).toBeNull();
  expect(await limiter.take(perHour('login 1', 1))).toBeNull();
  expect(await limiter.take(perHour('search 1', 1))).not.toBeNull();
});

test('it holds across processes, also for those who come at the same moment', async () => {
  const other = new Database(database.url, createLogger('error'));
  try {
    const limiters = [limiter, new RateLimiter(other, key)];
    for (let round = 0; round < 5; round += 1) {
      const login = perHour(`login of round ${round}`, 20);
      const asked = Array.from({ length: 60 }, (_, index) => limiters[index % 2]?.take(login));
      const answers = await Promise.all(asked);
      expect(answers.filter((waitMs) => waitMs === null)).toHaveLength(20);
      for (const waitMs of answers) if (waitMs !== null) expect(waitMs).toBeGreaterThan(0);
    }
  } finally {
    await other.close();
  }
});

test('nobody reads in the table who came', async () => {
  await limiter.take(perHour('login 192.0.2.77', 5));
  const rows = await database.db.query<{ key: string }>(sql`select key from rate_limits`);
  expect(rows.map((row) => row.key).join(' ')).not.toContain('192.0.2');
  for (const row of rows) expect(row.key).toMatch(/^[\w-]{43}$/);
});

test('what is full again is purged', async () => {
  await database.db.query(sql`delete from rate_limits`);
  await limiter.take({ key: 'short', count: 1_000, perSecs: 1 });
  await limiter.take(perHour('long', 2));
  await letPass(600);
  expect(await purgeRateLimits(database.db)).toBe(1);
  expect(await limiter.take(perHour('long', 2))).toBeNull();
  expect(await limiter.take(perHour('long', 2))).not.toBeNull();
});

test('without the database nobody passes', async () => {
  const closed = new Database(database.url, createLogger('error'));
  await closed.close();
  await expect(new RateLimiter(closed, key).take(perHour('login', 5))).rejects.toMatchObject({
    code: 'database_unreachable',
  });
});
