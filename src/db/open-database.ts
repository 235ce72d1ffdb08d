import type { Logger } from '../lib/log.ts';
import { Database } from './database.ts';
import { joinEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { waitForServer } from './wait-for-server.ts';

export type OpenDatabaseOptions = {
  /** A PostgreSQL server, 15 or newer; without one, ours below `dataDir`. */
  databaseUrl: string | null | undefined;
  dataDir: string;
  /** One `program` at a time runs on an embedded database; commands join it. */
  use: 'program' | 'command';
};

export type OpenDatabase = {
  db: Database;
  url: string;
  kind: 'embedded' | 'server';
  /** Ends the connections, and the embedded server too when nobody else uses it. */
  close(): Promise<void>;
};

/** A database that answers and may be migrated. Waits for a server that cannot be reached, until `signal` aborts. */
export async function openDatabase(
  options: OpenDatabaseOptions,
  log: Logger,
  signal: AbortSignal,
): Promise<OpenDatabase> {
  if (options.databaseUrl) {
    await waitForServer(options.databaseUrl, log, signal);
    const db = new Database(options.databaseUrl, log);
    return { db, url: options.databaseUrl, kind: 'server', close: () => db.close() };
  }
  const server = await joinEmbeddedPostgres({ dataDir: options.dataDir, use: options.use }, log, signal);
  const db = new Database(server.url, log);
  const close = () => db.close().finally(() => server.leave());
  return { db, url: server.url, kind: 'embedded', close };
}
