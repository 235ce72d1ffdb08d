import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClipdexError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { PostgresBinaries } from './binaries.ts';
import { isProcessAlive } from './postmaster-file.ts';
import type { ServerFolder } from './server-folder.ts';
import { explainFailure, hasExited, spawnServerProcess } from './server-process.ts';

export const SUPERUSER = 'clipdex';

const PASSWORD_BYTES = 24;

/** Process numbers come back, in containers at each start; together with the start time one is unique. */
const STAGING_NAME = /^new-(?<pid>\d+)-(?<startedAt>\d+)-/;
const STARTED_AT = String(Math.round(performance.timeOrigin));

export type ClusterOptions = {
  /** False only for tests: nothing is forced to disk, so that a power cut may lose everything. */
  isDurable: boolean;
};

/**
 * Makes the database cluster with its password unless it is there. It is made under another name and renamed when
 * complete and on disk, so an interrupted initdb leaves nothing that looks like a cluster.
 */
export async function ensureCluster(
  folder: ServerFolder,
  binaries: PostgresBinaries,
  options: ClusterOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<{ password: string }> {
  if (!(await hasCluster(folder))) {
    log.info({ folder: folder.path }, 'making the embedded PostgreSQL database');
    await removeAbandoned(folder);
    await makeCluster(folder, binaries, options, signal);
  }
  await checkMajor(folder, binaries);
  return { password: (await readFile(folder.passwordFile, 'utf8')).trim() };
}

/** An initdb whose parent was killed writes on for some 0.5 s, until it misses its files. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 };

async function hasCluster(folder: ServerFolder): Promise<boolean> {
  return (await readdir(folder.path)).includes('cluster');
}

async function removeAbandoned(folder: ServerFolder): Promise<void> {
  for (const name of await readdir(folder.path)) {
    const maker = STAGING_NAME.exec(name)?.groups;
    if (!maker) continue;
    const pid = Number(maker.pid);
    const isInProgress = pid === process.pid ? maker.startedAt === STARTED_AT : isProcessAlive(pid);
    if (!isInProgress) await rm(join(folder.path, name), removal);
  }
}

async function makeCluster(
  folder: ServerFolder,
  binaries: PostgresBinaries,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<void> {
  const staging = await mkdtemp(join(folder.path, `new-${process.pid}-${STARTED_AT}-`));
  try {
    const passwordFile = join(staging, 'password');
    const dataDirectory = join(staging, 'data');
    await writeFile(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), { mode: 0o600 });
    await mkdir(dataDirectory, { mode: 0o700 });
    if (folder.user) {
      const { uid, gid } = folder.user;
      for (const path of [passwordFile, dataDirectory, staging]) await chown(path, uid, gid);
    }
    signal.throwIfAborted();
    await runInitdb(staging, folder, binaries, options, signal);
    if (options.isDurable) await syncPaths([passwordFile, staging]);
    await rename(staging, folder.cluster);
    if (options.isDurable) await syncPaths([folder.path]);
  } catch (error) {
    await rm(staging, removal);
    if (!isOccupied(error)) throw error; // else another process was faster, and its cluster is as good
  }
}

/** With the first, trigrams are made of all letters (`idx_videos_text`); systems without it know ASCII letters only. */
const CTYPES = ['C.UTF-8', 'C'];

async function runInitdb(
  staging: string,
  folder: ServerFolder,
  binaries: PostgresBinaries,
  options: ClusterOptions,
  signal: AbortSignal,
): Promise<void> {
  const explain = (cause?: unknown) => explainFailure('initdb failed', binaries, folder, cause);
  for (const ctype of CTYPES) {
    const args = initdbArguments(staging, ctype, options);
    const initdb = await spawnServerProcess(binaries.initdb, args, folder).catch(async (error) => {
      throw await explain(error);
    });
    const kill = () => initdb.kill('SIGTERM');
    signal.addEventListener('abort', kill);
    if (!hasExited(initdb)) await once(initdb, 'exit');
    signal.removeEventListener('abort', kill);
    signal.throwIfAborted();
    if (initdb.exitCode === 0) return;
  }
  throw await explain();
}

function initdbArguments(staging: string, ctype: string, options: ClusterOptions): string[] {
  return [
    `--pgdata=${join(staging, 'data')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${join(staging, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    `--lc-ctype=${ctype}`,
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
    ...(options.isDurable ? [] : ['--no-sync']),
  ];
}

async function syncPaths(paths: string[]): Promise<void> {
  for (const path of paths) {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  }
}

function isOccupied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code));
}

async function checkMajor(folder: ServerFolder, binaries: PostgresBinaries): Promise<void> {
  const major = Number.parseInt(await readFile(join(folder.dataDirectory, 'PG_VERSION'), 'utf8'), 10);
  if (major === binaries.major) return;
  throw new ClipdexError(
    'data_dir_other_version',
    `${folder.dataDirectory} was made by PostgreSQL ${major}, and this Clipdex brings PostgreSQL ${binaries.major}. ` +
      `Run the Clipdex version that made it, move the data with pg_dump of PostgreSQL ${major}, ` +
      'or set DATA_DIR to a new folder (Discord will be scanned again).',
  );
}
