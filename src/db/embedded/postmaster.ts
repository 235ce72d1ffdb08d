import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ClipdexError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { PostgresBinaries } from './binaries.ts';
import { type Postmaster, readPostmasterState } from './postmaster-file.ts';
import type { ServerFolder } from './server-folder.ts';
import { explainFailure, hasExited, spawnServerProcess } from './server-process.ts';

const POLL_MS = 5; // a start takes about 50 ms
const START_TIMEOUT_MS = 300_000; // recovery after a power cut reads up to 1 GB of log
const TELL_AFTER_MS = 3_000; // a start that takes longer is explained
const STOP_TIMEOUT_MS = 20_000; // a fast shutdown writes what is in memory (64 MB) to disk
const MAX_ATTEMPTS = 3; // a port that someone takes between our look and the server's; more is another fault

/** Modest memory beside the program itself, nothing reachable from outside, nothing that needs another machine. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '40',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  wal_level: 'minimal',
  max_wal_senders: '0',
  log_min_messages: 'log', // not the statements that failed: their caller knows, and they may hold private text
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

export type PostmasterOptions = {
  /** Where an earlier server of this process listened: connections to it must find the new one. */
  port?: number | undefined;
  /** Over our own; for tests. */
  settings?: Record<string, string> | undefined;
};

/** The server of this folder: the running one, whoever started it, or a new one. Resolves when it takes connections. */
export async function adoptOrStartPostmaster(
  folder: ServerFolder,
  binaries: PostgresBinaries,
  options: PostmasterOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<Postmaster> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const state = await readPostmasterState(folder.dataDirectory);
    let child: ChildProcess | undefined;
    if (state.kind !== 'running') {
      const port = options.port ?? (await findFreePort());
      const stalePid = state.kind === 'stale' ? state.pid : undefined;
      child = await startPostmaster(folder, binaries, { ...options, port }, stalePid);
    }
    const postmaster = await waitUntilReady(folder, child, log, signal);
    if (postmaster) return postmaster;
  }
  throw await explainFailure('the server does not start', binaries, folder);
}

async function startPostmaster(
  folder: ServerFolder,
  binaries: PostgresBinaries,
  options: PostmasterOptions,
  stalePid: number | undefined,
): Promise<ChildProcess> {
  const all = { ...settings, ...options.settings, port: String(options.port) };
  const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // PostgreSQL refuses to start over a postmaster.pid whose process lives, except when that is its own grandparent.
  const environment: Record<string, string> = stalePid ? { PG_GRANDPARENT_PID: String(stalePid) } : {};
  try {
    const child = await spawnServerProcess(
      binaries.postgres,
      ['-D', folder.dataDirectory, ...args],
      folder,
      environment,
    );
    child.unref();
    return child;
  } catch (error) {
    throw await explainFailure('the server does not start', binaries, folder, error);
  }
}

/**
 * Undefined when the server ended instead: the one that we started (port taken, or another process was faster), or the
 * running one, because its last user left.
 */
async function waitUntilReady(
  folder: ServerFolder,
  child: ChildProcess | undefined,
  log: Logger,
  signal: AbortSignal,
): Promise<Postmaster | undefined> {
  const startedAt = performance.now();
  let isTold = false;
  try {
    for (;;) {
      const state = await readPostmasterState(folder.dataDirectory);
      if (state.kind === 'running' && state.postmaster.isReady) return state.postmaster;
      if (child ? hasExited(child) : state.kind !== 'running') return undefined;
      const waitedMs = performance.now() - startedAt;
      if (waitedMs > START_TIMEOUT_MS) throw tooSlow(folder);
      if (waitedMs > TELL_AFTER_MS && !isTold) {
        log.info(
          'waiting for the embedded PostgreSQL, which recovers or is being stopped by another process',
        );
        isTold = true;
      }
      await delay(POLL_MS, undefined, { signal });
    }
  } catch (error) {
    if (child && !hasExited(child)) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
    throw error;
  }
}

function tooSlow(folder: ServerFolder): ClipdexError {
  return new ClipdexError(
    'embedded_postgres_slow',
    `The embedded PostgreSQL was not ready after ${START_TIMEOUT_MS / 60_000} minutes. See ${folder.logFile}, then start again.`,
  );
}

/** Fast shutdown: sessions end, everything is written, the next start needs no recovery. */
export async function stopPostmaster(folder: ServerFolder, log: Logger): Promise<void> {
  const state = await readPostmasterState(folder.dataDirectory);
  if (state.kind !== 'running') return;
  const { pid } = state.postmaster;
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (await isRunning(folder, pid)) {
    if (performance.now() > deadline) {
      log.warn({ pid }, 'the embedded PostgreSQL is still writing to disk; it ends by itself');
      return;
    }
    await delay(POLL_MS);
  }
}

/** Whoever comes next may have started another server at once. */
async function isRunning(folder: ServerFolder, pid: number): Promise<boolean> {
  const state = await readPostmasterState(folder.dataDirectory);
  return state.kind === 'running' && state.postmaster.pid === pid;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
