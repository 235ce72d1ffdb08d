import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, type FileHandle, open, rename } from 'node:fs/promises';
import { type ClipdexError, messageOf } from '../../lib/errors.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { ServerFolder } from './server-folder.ts';
import { findClosedFolder } from './server-user.ts';
import { embeddedUnavailable } from './unavailable.ts';

const MAX_LOG_BYTES = 5_000_000; // at the next start a longer log becomes server.log.1, over the one before
const LOG_TAIL_BYTES = 2_000;
const QUOTED_LOG_LINES = 2; // quoted when the server does not start

/**
 * Starts initdb or postgres in a session of its own, so that the terminal's Ctrl-C reaches us and not it, and with an
 * environment of our own, since PGDATA, PGPORT and the like would redirect it. What it says goes to the folder's log.
 */
export async function spawnServerProcess(
  binary: string,
  args: string[],
  folder: ServerFolder,
  environment: Record<string, string> = {},
): Promise<ChildProcess> {
  const log = await openLog(folder.logFile);
  try {
    if (folder.user) await log.chown(folder.user.uid, folder.user.gid); // who may start Clipdex without root next time
    const child = spawn(binary, args, {
      ...folder.user,
      cwd: '/',
      detached: true,
      env: { LC_ALL: 'C', TZ: 'UTC', ...environment },
      stdio: ['ignore', log.fd, log.fd],
    });
    await once(child, 'spawn');
    return child;
  } finally {
    await log.close();
  }
}

/** It may have, by the time that `spawnServerProcess` answers. */
export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Opened by us, root or not, without following a link that the folder's owner may have put there. */
async function openLog(file: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const log = await open(file, flags, 0o600);
  if ((await log.stat()).size <= MAX_LOG_BYTES) return log;
  await log.close();
  await rename(file, `${file}.1`).catch(ignoreMissing);
  return open(file, flags, 0o600);
}

/** Another process that starts the server at the same moment may have renamed it. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** Why initdb or postgres did not run: folders closed to its user first, else what it said itself. */
export async function explainFailure(
  what: string,
  binaries: PostgresBinaries,
  folder: ServerFolder,
  cause?: unknown,
): Promise<ClipdexError> {
  const closed = folder.user && (await findClosedFolder([binaries.postgres, folder.path], folder.user));
  if (closed) {
    return embeddedUnavailable(
      `as root we run it as the user with id ${folder.user?.uid}, who may not pass through ${closed}. ` +
        `Run "chmod o+x ${closed}", move Clipdex and DATA_DIR to a folder open to others (such as /opt), ` +
        'or start Clipdex as an ordinary user.',
      { cause },
    );
  }
  const reason = cause === undefined ? what : `${what} (${messageOf(cause)})`;
  return embeddedUnavailable(
    `${reason}. ${folder.logFile} ends with "${await readLastLines(folder.logFile)}".`,
    { cause },
  );
}

async function readLastLines(file: string): Promise<string> {
  const log = await open(file, 'r').catch(() => undefined);
  if (!log) return '';
  try {
    const { size } = await log.stat();
    const start = Math.max(0, size - LOG_TAIL_BYTES);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(LOG_TAIL_BYTES), 0, LOG_TAIL_BYTES, start);
    const lines = buffer.toString('utf8', 0, bytesRead).trim().split('\n');
    return lines.slice(-QUOTED_LOG_LINES).join(' / ');
  } finally {
    await log.close();
  }
}
