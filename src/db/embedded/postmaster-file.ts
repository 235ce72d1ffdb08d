import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** What `postmaster.pid` of a data directory says of the server that wrote it. */
export type Postmaster = { pid: number; port: number; isReady: boolean };

export type PostmasterState =
  | { kind: 'none' }
  /** Its server is gone, but a process that is none of ours has its number now. */
  | { kind: 'stale'; pid: number }
  | { kind: 'running'; postmaster: Postmaster };

export async function readPostmasterState(dataDirectory: string): Promise<PostmasterState> {
  const text = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(ignoreMissing);
  const postmaster = parsePostmasterFile(text);
  if (!postmaster || !isProcessAlive(postmaster.pid)) return { kind: 'none' };
  if (await isServerOf(postmaster.pid, dataDirectory)) return { kind: 'running', postmaster };
  return { kind: 'stale', pid: postmaster.pid };
}

/** Lines: pid, directory, start time, port, socket folder, address, shared memory, status; the last ones come late. */
export function parsePostmasterFile(text: string): Postmaster | undefined {
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), isReady: lines[7]?.trim() === 'ready' };
}

export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A server's working directory is its data directory. Process numbers come back, in containers at each start, so a
 * living process alone proves nothing. NOTE: without /proc (macOS) a living process is taken for the server.
 */
async function isServerOf(pid: number, dataDirectory: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const workingDirectory = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return workingDirectory === (await realpath(dataDirectory));
}

function ignoreMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}
