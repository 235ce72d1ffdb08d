import { afterAll, beforeAll, expect, test } from 'vitest';
import { Database, type Queryable, raw, sql } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { administer, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.query(sql`create table notes (id integer primary key, at timestamp)`);
});
afterAll(() => database.close());

const backendPid = async (connection: Queryable): Promise<number> => {
  const [row] = await connection.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return row?.pid ?? 0;
};
const terminate = (pid: number) => administer(`select pg_terminate_backend(${pid})`);
const noteIds = async () =>
  (await database.db.query<{ id: number }>(sql`select id from notes order by id`)).map(({ id }) => id);

test('a transaction that resolves is committed, and its result is handed back', async () => {
  const result = await database.db.transaction(async (tx) => {
    await tx.query(sql`insert into notes (id) values (1)`);
    return 'done';
  });
  expect(result).toBe('done');
  expect(await noteIds()).toContain(1);
});

test('a transaction that throws leaves nothing behind and throws the same error', async () => {
  const reason = new Error('no');
  const work = database.db.transaction(async (tx) => {
    await tx.query(sql`insert into notes (id) values (2)`);
    throw reason;
  });
  await expect(work).rejects.toBe(reason);
  expect(await noteIds()).not.toContain(2);
});

test('a statement that fails rolls back, and the connection is used again', async () => {
  await using single = await openSingleConnection();
  const pid = await backendPid(single.db);
  const work = single.db.transaction(async (tx) => {
    await tx.query(sql`insert into notes (id) values (3)`);
    await tx.query(sql`insert into notes (id) values (3)`);
  });
  await expect(work).rejects.toMatchObject({ code: '23505' });
  expect(await backendPid(single.db)).toBe(pid);
  expect(await noteIds()).not.toContain(3);
});

test('of two transactions that wait for each other both are done, one of them once more', async () => {
  await database.db.query(sql`insert into notes (id) values (10), (11)`);
  const met = { count: 0 };
  const moveBoth = (first: number, second: number) =>
    database.db.transaction(async (tx) => {
      await tx.query(sql`update notes set at = now() where id = ${first}`);
      met.count += 1;
      await waitFor(() => met.count >= 2);
      await tx.query(sql`update notes set at = now() where id = ${second}`);
      return 'done';
    });
  expect(await Promise.all([moveBoth(10, 11), moveBoth(11, 10)])).toEqual(['done', 'done']);
  expect(met.count).toBe(3);
});

test('every connection runs in UTC where the database is set to another zone', async () => {
  await using zoned = await createTestDatabase();
  await zoned.db.query(
    sql`alter database ${raw(new URL(zoned.url).pathname.slice(1))} set timezone = 'Asia/Tokyo'`,
  );
  const log = createLogger('silent');
  const db = new Database(zoned.url, log);
  const zones = await Promise.all(
    Array.from({ length: 5 }, () =>
      db.query<{ zone: string }>(sql`select current_setting('timezone') as zone, pg_sleep(0.05)`),
    ),
  );
  expect(new Set(zones.flat().map(({ zone }) => zone))).toEqual(new Set(['UTC']));
  await db.close();
});

test('no statement and no silent transaction lasts without an end, and what is ended may be tried again', async () => {
  const { db } = database;
  const limits = await db.query<{ statement: string; silence: string }>(sql`
    select current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as silence`);
  expect(limits).toEqual([{ statement: '5min', silence: '1min' }]);
  const tooSlow = db.transaction(async (tx) => {
    await tx.query(sql`set local statement_timeout = 50`);
    await tx.query(sql`select pg_sleep(30)`);
  });
  await expect(tooSlow).rejects.toThrow(/^The database did not answer: .*statement timeout/);
  const tooSilent = db.transaction(async (tx) => {
    await tx.query(sql`set local idle_in_transaction_session_timeout = 50`);
    const pid = await backendPid(tx);
    const isThere = sql`select from pg_stat_activity where pid = ${pid}`;
    await waitFor(async () => (await db.query(isThere)).length === 0);
    await tx.query(sql`select 1`);
  });
  await expect(tooSilent).rejects.toThrow(/^The database did not answer: /);
  expect(await db.query(sql`select 1 as answer`)).toEqual([{ answer: 1 }]);
});

test('a timestamp without zone is written and read as UTC', async () => {
  const at = new Date('2026-07-01T12:34:56.789Z');
  await database.db.query(sql`insert into notes (id, at) values (4, ${at})`);
  expect(
    await database.db.query(sql`select at, at::text as text, at = ${at} as same from notes where id = 4`),
  ).toEqual([{ at, text: '2026-07-01 12:34:56.789', same: true }]);
});

test('timestamps far ahead and without end are read too', async () => {
  const [row] = await database.db.query<Record<string, unknown>>(
    sql`select 'infinity'::timestamp as never, '-infinity'::timestamp as ever, '12026-01-01'::timestamp as far`,
  );
  expect(row).toEqual({ never: Infinity, ever: -Infinity, far: new Date('+012026-01-01T00:00:00Z') });
});

test('bigint and ranges arrive without loss', async () => {
  expect(
    await database.db.query(
      sql`select 9223372036854775807 as big, '{[1,9007199254740993)}'::int8multirange as ids`,
    ),
  ).toEqual([{ big: '9223372036854775807', ids: '{[1,9007199254740993)}' }]);
});

test('an idle connection that the server ends is replaced', async () => {
  await using single = await openSingleConnection();
  const pid = await backendPid(single.db);
  await terminate(pid);
  await waitFor(() => single.db.pool.totalCount === 0);
  expect(await backendPid(single.db)).not.toBe(pid);
});

test('a connection that the server ends within a statement fails that statement only', async () => {
  await using single = await openSingleConnection();
  const pid = await backendPid(single.db);
  const sleeping = single.db.query(sql`select pg_sleep(30)`);
  const outcome = expect(sleeping).rejects.toMatchObject({
    code: 'database_unreachable',
    cause: { code: '57P01' },
  });
  await terminate(pid);
  await outcome;
  expect(await backendPid(single.db)).not.toBe(pid);
});

test('a connection that the server ends between two statements fails that transaction only', async () => {
  await using single = await openSingleConnection();
  const work = single.db.transaction(async (tx) => {
    await tx.query(sql`insert into notes (id) values (5)`);
    const pid = await backendPid(tx);
    await terminate(pid);
    await waitFor(async () => !(await isBackendAlive(pid)));
    await tx.query(sql`insert into notes (id) values (6)`);
  });
  await expect(work).rejects.toThrow();
  expect(await backendPid(single.db)).toBeGreaterThan(0);
  expect(await noteIds()).not.toContain(5);
});

/** A pool of one, so that a test knows which connection it gets. */
async function openSingleConnection(): Promise<AsyncDisposable & { db: Database }> {
  const db = new Database(database.url, createLogger('silent'), 1);
  return { db, [Symbol.asyncDispose]: () => db.close() };
}

async function isBackendAlive(pid: number): Promise<boolean> {
  const rows = await database.db.query(sql`select from pg_stat_activity where pid = ${pid}`);
  return rows.length > 0;
}
