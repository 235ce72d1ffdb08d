import { findBinaries } from '../../src/db/embedded/binaries.ts';
import { ensureCluster, SUPERUSER } from '../../src/db/embedded/cluster.ts';
import { adoptOrStartPostmaster, type PostmasterOptions } from '../../src/db/embedded/postmaster.ts';
import { readPostmasterState } from '../../src/db/embedded/postmaster-file.ts';
import { openServerFolder } from '../../src/db/embedded/server-folder.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createDataDir } from './data-dir.ts';
import { waitFor } from './wait-for.ts';

/** How PostgreSQL is told to stop: `smart` waits for its clients, `immediate` writes nothing and recovers later. */
const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;
export type Shutdown = keyof typeof signals;

export type OwnPostgres = AsyncDisposable & {
  url: string;
  /** Tells it to stop; resolves when that is under way for `smart`, when it has ended for the others. */
  stop(how: Shutdown): Promise<void>;
  /** At the same port, with the same data. */
  start(): Promise<void>;
};

/** A PostgreSQL server outside of the program, which a test may stop and start as an administrator would. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const log = createLogger('error');
  const { signal } = new AbortController();
  const dataDir = await createDataDir();
  const binaries = await findBinaries();
  const folder = await openServerFolder(dataDir.path);
  const { password } = await ensureCluster(folder, binaries, { isDurable: false }, log, signal);
  const run = (options: PostmasterOptions) =>
    adoptOrStartPostmaster(folder, binaries, { ...options, settings: { fsync: 'off' } }, log, signal);
  const { port } = await run({});
  return {
    url: `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`,
    async stop(how) {
      const state = await readPostmasterState(folder.dataDirectory);
      if (state.kind === 'running') process.kill(state.postmaster.pid, signals[how]);
      if (how === 'smart') return;
      await waitFor(async () => (await readPostmasterState(folder.dataDirectory)).kind !== 'running');
    },
    async start() {
      await run({ port });
    },
    [Symbol.asyncDispose]: () => dataDir[Symbol.asyncDispose](),
  };
}
