import { chmod, chown, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { findBinaries } from '../../src/db/embedded/binaries.ts';
import { ensureCluster } from '../../src/db/embedded/cluster.ts';
import { openServerFolder } from '../../src/db/embedded/server-folder.ts';
import { findClosedFolder, isRoot } from '../../src/db/embedded/server-user.ts';
import { type OpenDatabase, openDatabase } from '../../src/db/open-database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createDataDir, createUsedDataDir, type DataDir, findServerPid } from '../support/data-dir.ts';
import { spawnTypescript } from '../support/spawn-typescript.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger('silent');
const ctypesOf = ({ db }: OpenDatabase) => db.query(sql`select distinct datctype from pg_database`);

const open = (dataDir: DataDir | string) => {
  const path = typeof dataDir === 'string' ? dataDir : dataDir.path;
  return openDatabase(
    { databaseUrl: undefined, dataDir: path, use: 'command' },
    log,
    new AbortController().signal,
  );
};

test('a first start that was killed within initdb is begun again, and its remains are removed', async () => {
  await using dataDir = await createDataDir();
  await using program = spawnTypescript('test/support/database-process.ts', [dataDir.path, 'program']);
  const folder = join(dataDir.path, 'postgres');
  await waitFor(async () => (await listFolder(folder)).some((name) => name.startsWith('new-')));
  program.child.kill('SIGKILL');
  await program.exited;
  expect(await listFolder(folder)).not.toContain('cluster');

  const database = await open(dataDir);
  expect(await database.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  expect((await listFolder(folder)).sort()).toEqual(['cluster', 'server.log']);
  await database.close();
});

test('letters other than ASCII are searched by their trigrams, where the system knows them', async () => {
  await using dataDir = await createUsedDataDir();
  const database = await open(dataDir);
  expect(await ctypesOf(database)).toEqual([{ datctype: 'C.UTF-8' }]);
  await database.close();
});

test('a system that knows no letters but those of ASCII does without others', async () => {
  await using dataDir = await createDataDir();
  const binaries = await findBinaries();
  const initdb = join(dataDir.path, 'initdb');
  const script = `#!/bin/sh\ncase "$*" in *C.UTF-8*--locale-provider*) exit 1;; esac\nexec "${binaries.initdb}" "$@"\n`;
  await writeFile(initdb, script, { mode: 0o755 });
  const folder = await openServerFolder(dataDir.path);
  const { signal } = new AbortController();
  await ensureCluster(folder, { ...binaries, initdb }, { isDurable: false }, log, signal);
  const database = await open(dataDir);
  expect(await ctypesOf(database)).toEqual([{ datctype: 'C' }]);
  await database.close();
});

test('a data directory of another PostgreSQL is refused, naming both versions', async () => {
  await using dataDir = await createUsedDataDir();
  await writeFile(join(dataDir.dataDirectory, 'PG_VERSION'), '17\n');
  await expect(open(dataDir)).rejects.toMatchObject({
    code: 'data_dir_other_version',
    message: expect.stringMatching(/was made by PostgreSQL 17, .* brings PostgreSQL 18/),
  });
});

test('a data directory that cannot be written is refused with its path', async () => {
  await using dataDir = await createDataDir();
  const file = join(dataDir.path, 'file');
  await writeFile(file, '');
  await expect(open(join(file, 'data'))).rejects.toMatchObject({
    code: 'data_dir_unusable',
    message: expect.stringContaining(`Make ${join(file, 'data', 'postgres')} readable and writable`),
  });
});

test('a process number that belongs to someone else now does not keep the server from starting', async () => {
  await using dataDir = await createUsedDataDir();
  const first = await open(dataDir);
  const pidFile = join(dataDir.dataDirectory, 'postmaster.pid');
  const written = await readFile(pidFile, 'utf8');
  await first.close();
  // As after a restart of a container: the old number is alive, and it is ours.
  await writeFile(pidFile, written.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
  const owner = await stat(dataDir.dataDirectory);
  await chown(pidFile, owner.uid, owner.gid);
  const database = await open(dataDir);
  expect(await database.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await database.close();
});

test('a copy of a running data directory gets a server of its own', async () => {
  await using original = await createUsedDataDir();
  await using copy = await createDataDir();
  const first = await open(original);
  await first.db.query(sql`create table marker ()`);
  await first.db.query(sql`checkpoint`);
  await cp(join(original.path, 'postgres'), join(copy.path, 'postgres'), { recursive: true });
  await giveAway(join(copy.path, 'postgres'), await stat(join(original.path, 'postgres')));
  const second = await open(copy);
  expect(second.url).not.toBe(first.url);
  expect(await findServerPid(copy)).not.toBe(await findServerPid(original));
  await second.close();
  expect(await first.db.query(sql`select * from marker`)).toEqual([]);
  await first.close();
});

test('the log of the server does not grow without end', async () => {
  await using dataDir = await createUsedDataDir();
  const logFile = join(dataDir.path, 'postgres', 'server.log');
  await writeFile(logFile, 'x'.repeat(5_000_001));
  await (await open(dataDir)).close();
  expect((await stat(logFile)).size).toBeLessThan(100_000);
  expect((await stat(`${logFile}.1`)).size).toBe(5_000_001);
});

test('processes that find its log too long at the same moment all come in', async () => {
  await using dataDir = await createUsedDataDir();
  const logFile = join(dataDir.path, 'postgres', 'server.log');
  await writeFile(logFile, 'x'.repeat(5_000_001));
  const databases = await Promise.all([1, 2, 3, 4].map(() => open(dataDir)));
  expect(new Set(databases.map(({ url }) => url)).size).toBe(1);
  await Promise.all(databases.map((database) => database.close()));
});

test('folders closed to a user are found by their mode', async () => {
  await using dataDir = await createDataDir();
  const closed = join(dataDir.path, 'closed');
  await mkdir(join(closed, 'inner'), { recursive: true });
  await chmod(closed, 0o700);
  const stranger = { uid: 4_000_000, gid: 4_000_000 };
  expect(await findClosedFolder([dataDir.path, join(closed, 'inner')], stranger)).toBe(closed);
  expect(await findClosedFolder([closed], stranger)).toBeUndefined();
  const { uid, gid } = await stat(closed);
  expect(await findClosedFolder([join(closed, 'inner')], { uid, gid })).toBeUndefined();
});

// These need root, under which a newcomer may well run; elsewhere there is no other user to turn to.
test.runIf(isRoot())('root runs the server as an unprivileged user who owns its folder', async () => {
  await using dataDir = await createDataDir();
  const database = await open(dataDir);
  const pid = await findServerPid(dataDir);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const owner = await stat(join(dataDir.path, 'postgres'));
  expect(owner.uid).not.toBe(0);
  expect(status).toMatch(new RegExp(`^Uid:\\s+${owner.uid}\\s`, 'm'));
  expect(status).toMatch(/^Groups:\s*$/m);
  await database.close();
});

test.runIf(isRoot())('root leaves a folder to the ordinary user who made it', async () => {
  await using dataDir = await createDataDir();
  await mkdir(join(dataDir.path, 'postgres'), { mode: 0o700 });
  await chown(join(dataDir.path, 'postgres'), 4242, 4242);
  // PostgreSQL does not start under a number without a name, which this system can not have for 4242.
  await expect(open(dataDir)).rejects.toMatchObject({ code: 'embedded_postgres_unavailable' });
  expect(await stat(join(dataDir.path, 'postgres'))).toMatchObject({ uid: 4242, gid: 4242 });
});

test.runIf(isRoot())('root is told which folder the unprivileged user may not pass', async () => {
  await using dataDir = await createDataDir();
  const closed = join(dataDir.path, 'home');
  await mkdir(join(closed, 'data'), { recursive: true });
  await chmod(closed, 0o700);
  await expect(open(join(closed, 'data'))).rejects.toMatchObject({
    code: 'embedded_postgres_unavailable',
    message: expect.stringContaining(`Run "chmod o+x ${closed}"`),
  });
  await chmod(closed, 0o711);
  const database = await open(join(closed, 'data'));
  await database.close();
});

function listFolder(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function giveAway(folder: string, owner: { uid: number; gid: number }): Promise<void> {
  await chown(folder, owner.uid, owner.gid);
  for (const name of await readdir(folder, { recursive: true })) {
    await chown(join(folder, name), owner.uid, owner.gid);
  }
}
