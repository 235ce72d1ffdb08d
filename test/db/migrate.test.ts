import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Database, sql } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { migrationsFolder, readMigrationFiles } from '../../src/db/migration-files.ts';
import { createLogger } from '../../src/lib/log.ts';
import { administer, createEmptyDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger('silent');
const numbers = (db: Database) => db.query(sql`select n from numbers order by n`);

test('an empty database gets all migrations and the job queue; a second time changes nothing', async () => {
  await using empty = await createEmptyDatabase();
  const files = await readMigrationFiles(migrationsFolder);
  expect(await migrate(empty.db, log)).toEqual({ applied: files.map(({ name }) => name) });
  const recorded = sql`select name, checksum, applied_at from clipdex_migrations order by name`;
  const before = await empty.db.query(recorded);
  expect(before).toEqual(
    files.map(({ name, checksum }) => ({ name, checksum, applied_at: expect.any(Date) })),
  );
  expect(await empty.db.query(sql`select from graphile_worker.jobs`)).toEqual([]);

  expect(await migrate(empty.db, log)).toEqual({ applied: [] });
  expect(await empty.db.query(recorded)).toEqual(before);
});

test('processes that start together migrate once', async () => {
  await using empty = await createEmptyDatabase();
  const databases = [1, 2, 3, 4].map(() => new Database(empty.url, log));
  const outcomes = await Promise.all(databases.map((db) => migrate(db, log)));
  await Promise.all(databases.map((db) => db.close()));
  const files = await readMigrationFiles(migrationsFolder);
  expect(outcomes.flatMap(({ applied }) => applied)).toEqual(files.map(({ name }) => name));
});

test('waiting for another process that migrates ends with the signal', async () => {
  await using empty = await createEmptyDatabase();
  await using folder = await createFolder({ '0001_slow.sql': 'select pg_sleep(3)' });
  const slow = migrate(empty.db, log, { folder: folder.path });
  await waitFor(
    async () =>
      (
        await empty.db.query(sql`select from pg_stat_activity
    where datname = current_database() and wait_event = 'PgSleep'`)
      ).length > 0,
  );
  const waiting = new AbortController();
  const logWaiting = pino({ level: 'info' }, { write: () => waiting.abort() });
  const startedAt = performance.now();
  await expect(
    migrate(empty.db, logWaiting, { folder: folder.path, signal: waiting.signal }),
  ).rejects.toMatchObject({ name: 'AbortError' });
  expect(performance.now() - startedAt).toBeLessThan(1_500);
  expect(await slow).toEqual({ applied: ['0001_slow.sql'] });
});

test('a migration may take longer than any other statement', async () => {
  await using empty = await createEmptyDatabase();
  await using folder = await createFolder({
    '0001_limit.sql': "create table told as select current_setting('statement_timeout') as limit",
  });
  await migrate(empty.db, log, { folder: folder.path });
  expect(await empty.db.query(sql`select * from told`)).toEqual([{ limit: '0' }]);
  expect(await empty.db.query(sql`show statement_timeout`)).toEqual([{ statement_timeout: '5min' }]);
});

test('a migration that fails leaves nothing of itself, keeps those before it, and goes on when mended', async () => {
  await using empty = await createEmptyDatabase();
  await using folder = await createFolder({
    '0001_numbers.sql': 'create table numbers (n integer primary key);',
    '0002_fill.sql': 'insert into numbers values (1); insert into numbers values (1);',
  });
  await expect(migrate(empty.db, log, { folder: folder.path })).rejects.toMatchObject({
    message: 'migration 0002_fill.sql failed',
    code: '23505',
  });
  expect(await numbers(empty.db)).toEqual([]);

  await folder.write('0002_fill.sql', 'insert into numbers values (1); insert into numbers values (2);');
  expect(await migrate(empty.db, log, { folder: folder.path })).toEqual({ applied: ['0002_fill.sql'] });
  expect(await numbers(empty.db)).toEqual([{ n: 1 }, { n: 2 }]);
});

test('an applied file that was changed is refused before anything is done; changed line ends are not', async () => {
  await using empty = await createEmptyDatabase();
  await using folder = await createFolder({
    '0001_numbers.sql': 'create table numbers (\n  n integer\n);\n',
  });
  await migrate(empty.db, log, { folder: folder.path });
  await folder.write('0001_numbers.sql', 'create table numbers (\r\n  n integer\r\n);\r\n');
  expect(await migrate(empty.db, log, { folder: folder.path })).toEqual({ applied: [] });

  await folder.write('0001_numbers.sql', 'create table numbers (n bigint);');
  await folder.write('0002_more.sql', 'insert into numbers values (1)');
  await expect(migrate(empty.db, log, { folder: folder.path })).rejects.toMatchObject({
    code: 'migration_changed',
  });
  expect(await numbers(empty.db)).toEqual([]);
});

test('a database of a newer program is refused', async () => {
  await using empty = await createEmptyDatabase();
  await migrate(empty.db, log);
  await empty.db.query(sql`insert into clipdex_migrations values ('9999_future.sql', 'x')`);
  await expect(migrate(empty.db, log)).rejects.toMatchObject({
    code: 'database_newer',
    message: expect.stringContaining('9999_future.sql'),
  });
});

test('a user who may not create tables is told what to do', async () => {
  await using empty = await createEmptyDatabase();
  const role = `clipdex_guest_${randomBytes(6).toString('hex')}`;
  await administer(`create role ${role} login password 'guest'`);
  const url = new URL(empty.url);
  url.username = role;
  url.password = 'guest';
  const db = new Database(url.href, log);
  await expect(migrate(db, log)).rejects.toMatchObject({
    code: 'database_rights_missing',
    message: expect.stringContaining('alter database'),
  });
  await db.close();
  await administer(`drop role ${role}`);
});

async function createFolder(files: Record<string, string>) {
  const path = await mkdtemp(join(tmpdir(), 'clipdex-migrations-'));
  const write = (name: string, text: string) => writeFile(join(path, name), text);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
