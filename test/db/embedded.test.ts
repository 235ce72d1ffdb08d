import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { enterServer } from '../../src/db/embedded/presence.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createDataDir, createUsedDataDir, type DataDir, findServerPid } from '../support/data-dir.ts';
import { spawnTypescript } from '../support/spawn-typescript.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger('silent');
const never = new AbortController().signal;

const open = (dataDir: DataDir, use: 'program' | 'command' = 'program', signal = never) =>
  openDatabase({ databaseUrl: undefined, dataDir: dataDir.path, use }, log, signal);

const spawnUser = (dataDir: DataDir, use: 'program' | 'command') =>
  spawnTypescript('test/support/database-process.ts', [dataDir.path, use]);

const answers = (db: Database) =>
  db.query(sql`select 1`).then(
    () => true,
    () => false,
  );

test('the first start makes a database of the promised kind, and closing stops its server', async () => {
  await using dataDir = await createDataDir();
  const database = await open(dataDir);
  expect(database.kind).toBe('embedded');
  expect(
    await database.db.query(sql`
      select current_setting('server_version_num')::int / 10000 as major, datlocprovider::text as provider,
             datlocale as locale, pg_encoding_to_char(encoding) as encoding, current_setting('shared_buffers') as memory,
             current_setting('max_connections') as connections, current_setting('timezone') as timezone,
             current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses
      from pg_database where datname = current_database()`),
  ).toEqual([
    {
      ...{ major: 18, provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8', memory: '64MB' },
      ...{ connections: '40', timezone: 'UTC', fsync: 'on', addresses: '127.0.0.1' },
    },
  ]);
  await database.close();
  expect(await findServerPid(dataDir)).toBeUndefined();
});

test('the password is random, closed to others, and needed', async () => {
  await using dataDir = await createDataDir();
  const database = await open(dataDir);
  const file = join(dataDir.path, 'postgres', 'cluster', 'password');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(dataDir.path, 'postgres'))).mode & 0o777).toBe(0o700);
  const url = new URL(database.url);
  expect(url.password).toBe(await readFile(file, 'utf8'));
  url.password = 'guessed';
  const guesser = new pg.Client(url.href);
  await expect(guesser.connect()).rejects.toMatchObject({ code: '28P01' });
  await database.close();
});

test('a program killed with SIGKILL leaves its server running, and the next one adopts it with its data', async () => {
  await using dataDir = await createUsedDataDir();
  await using program = spawnUser(dataDir, 'program');
  expect(await program.nextLine()).toMatchObject({ event: 'open' });
  const serverPid = await findServerPid(dataDir);
  program.child.kill('SIGKILL');
  await program.exited;

  const next = await open(dataDir);
  expect(serverPid).toBeGreaterThan(0);
  expect(await findServerPid(dataDir)).toBe(serverPid);
  expect(await answers(next.db)).toBe(true);
  await next.close();
  expect(await findServerPid(dataDir)).toBeUndefined();
});

test('a command joins the server of a running program, and leaving does not stop it', async () => {
  await using dataDir = await createUsedDataDir();
  const program = await open(dataDir);
  const serverPid = await findServerPid(dataDir);
  const command = await open(dataDir, 'command');
  expect(command.url).toBe(program.url);
  await command.close();
  expect(await findServerPid(dataDir)).toBe(serverPid);
  expect(await answers(program.db)).toBe(true);
  await program.close();
});

test('a program that ends does not stop the server under a command; the last one out does', async () => {
  await using dataDir = await createUsedDataDir();
  const program = await open(dataDir);
  const command = await open(dataDir, 'command');
  await program.close();
  expect(await answers(command.db)).toBe(true);
  await command.close();
  expect(await findServerPid(dataDir)).toBeUndefined();
});

test('processes that start at the same moment share one server', async () => {
  await using dataDir = await createDataDir();
  const databases = await Promise.all([open(dataDir), ...[1, 2, 3].map(() => open(dataDir, 'command'))]);
  expect(new Set(databases.map(({ url }) => url)).size).toBe(1);
  await Promise.all(databases.map((database) => database.close()));
  expect(await findServerPid(dataDir)).toBeUndefined();
});

test('commands that come and go while others leave always find a server', async () => {
  await using dataDir = await createUsedDataDir();
  await Promise.all(
    [1, 2, 3].map(async () => {
      for (let round = 0; round < 8; round++) {
        const command = await open(dataDir, 'command');
        expect(await command.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
        await command.close();
      }
    }),
  );
  expect(await findServerPid(dataDir)).toBeUndefined();
});

/**
 * PostgreSQL ends the connections of a fast shutdown one after the other, so that of the last user, with its lock, may be
 * gone while a newcomer's still answers. A smart shutdown is that moment made to last: nobody new is let in, and who is
 * in stays.
 */
test('a command that comes in while its server is being stopped goes to the next one', async () => {
  await using dataDir = await createUsedDataDir();
  const former = await open(dataDir, 'command');
  const last = await enterServer(former.url, 'command', () => {});
  await former.close();
  expect(await last.becomeLast()).toBe(true);
  const serverPid = await findServerPid(dataDir);

  const opening = open(dataDir, 'command');
  await untilSomebodyWaits(former.url);
  process.kill(Number(serverPid), 'SIGTERM');
  await waitFor(() => isRefused(former.url));
  await last.end();

  const command = await opening;
  expect(await command.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  expect(await findServerPid(dataDir)).not.toBe(serverPid);
  await command.close();
  expect(await findServerPid(dataDir)).toBeUndefined();
});

async function untilSomebodyWaits(url: string): Promise<void> {
  const observer = new pg.Client(url);
  await observer.connect();
  await waitFor(async () => {
    const { rows } = await observer.query("select from pg_locks where locktype = 'advisory' and not granted");
    return rows.length > 0;
  });
  await observer.end();
}

async function isRefused(url: string): Promise<boolean> {
  const visitor = new pg.Client(url);
  const outcome = await visitor.connect().catch((error: pg.DatabaseError) => error.code);
  await visitor.end();
  return outcome === '57P03';
}

test('a second program on one data directory is refused with the pid of the first', async () => {
  await using dataDir = await createUsedDataDir();
  await using first = spawnUser(dataDir, 'program');
  await first.nextLine();
  await expect(open(dataDir)).rejects.toMatchObject({
    code: 'data_dir_in_use',
    message: expect.stringContaining(`process ${first.pid}.`),
  });
  first.child.kill('SIGTERM');
  expect(await first.nextLine()).toMatchObject({ event: 'answer' });
});

test("the terminal's Ctrl-C reaches the program's process group and not the server", async () => {
  await using dataDir = await createUsedDataDir();
  await using program = spawnUser(dataDir, 'program');
  await program.nextLine();
  process.kill(-program.pid, 'SIGINT');
  expect(await program.nextLine()).toEqual({ event: 'answer', rows: [{ one: 1 }] });
  expect(await program.nextLine()).toEqual({ event: 'closed' });
  await program.exited;
  expect(await findServerPid(dataDir)).toBeUndefined();
});

test('an abort at any moment of a start leaves no server and nothing half made', async () => {
  await using dataDir = await createDataDir();
  for (const afterMs of [0, 50, 150, 300, 450, 600]) {
    const opening = open(dataDir, 'program', AbortSignal.timeout(afterMs));
    const outcome = await opening.then(
      (database) => database.close().then(() => 'opened'),
      (error: Error) => error.name,
    );
    expect(['AbortError', 'TimeoutError', 'opened']).toContain(outcome);
    expect(await findServerPid(dataDir)).toBeUndefined();
    expect(await readdir(join(dataDir.path, 'postgres'))).not.toContainEqual(expect.stringMatching(/^new-/));
  }
  const database = await open(dataDir);
  expect(await answers(database.db)).toBe(true);
  await database.close();
});

test('a server that dies under a program is started again at its address', async () => {
  await using dataDir = await createUsedDataDir();
  const program = await open(dataDir);
  const serverPid = await findServerPid(dataDir);
  process.kill(Number(serverPid), 'SIGKILL');
  await waitFor(() => answers(program.db));
  expect(await findServerPid(dataDir)).not.toBe(serverPid);
  await program.close();
  expect(await findServerPid(dataDir)).toBeUndefined();
});
