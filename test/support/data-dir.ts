import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { joinEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts';
import { readPostmasterState } from '../../src/db/embedded/postmaster-file.ts';
import { createLogger } from '../../src/lib/log.ts';
import { waitFor } from './wait-for.ts';

export type DataDir = AsyncDisposable & { path: string; dataDirectory: string };

/** A data directory of its own, in which the unprivileged user can be served; a server left in it is shut down. */
export async function createDataDir(): Promise<DataDir> {
  const path = await mkdtemp(join(tmpdir(), 'clipdex-data-'));
  await chmod(path, 0o755);
  const dataDirectory = join(path, 'postgres', 'cluster', 'data');
  return {
    path,
    dataDirectory,
    async [Symbol.asyncDispose]() {
      const state = await readPostmasterState(dataDirectory);
      if (state.kind === 'running') process.kill(state.postmaster.pid, 'SIGQUIT');
      await waitFor(async () => (await readPostmasterState(dataDirectory)).kind !== 'running');
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** The same with a database in it, as after a first start; made without waiting for the disk, which takes longest. */
export async function createUsedDataDir(): Promise<DataDir> {
  const dataDir = await createDataDir();
  const options = {
    dataDir: dataDir.path,
    use: 'command' as const,
    settings: { fsync: 'off' },
    isDurable: false,
  };
  const server = await joinEmbeddedPostgres(options, createLogger('error'), new AbortController().signal);
  await server.leave();
  return dataDir;
}

/** The process number of the server that runs on a data directory, if one does. */
export async function findServerPid({ dataDirectory }: DataDir): Promise<number | undefined> {
  const state = await readPostmasterState(dataDirectory);
  return state.kind === 'running' ? state.postmaster.pid : undefined;
}
