import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Database } from '../../src/db/database.ts';
import { joinEmbeddedPostgres } from '../../src/db/embedded/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createLogger } from '../../src/lib/log.ts';

const log = createLogger('error');

export type BenchDatabases = AsyncDisposable & {
  /** A migrated database of its own; answers its address. */
  create(name: string): Promise<string>;
};

/**
 * The built-in PostgreSQL in a folder of its own. It does not wait for the disk: how long that takes is a matter of the
 * disk, and would hide what the statements themselves cost.
 */
export async function openBenchDatabases(): Promise<BenchDatabases> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clipdex-bench-'));
  await chmod(dataDir, 0o755);
  const options = { dataDir, use: 'command', settings: { fsync: 'off' }, isDurable: false } as const;
  const server = await joinEmbeddedPostgres(options, log, new AbortController().signal);
  return {
    async create(name) {
      await administer(server.url, `create database ${name}`);
      const url = databaseUrl(server.url, name);
      const db = new Database(url, log);
      await migrate(db, log).finally(() => db.close());
      return url;
    },
    async [Symbol.asyncDispose]() {
      await server.leave();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A copy of a database that nobody is connected to. */
export async function copyDatabase(url: string, name: string): Promise<string> {
  const original = new URL(url).pathname.slice(1);
  await administer(
    databaseUrl(url, 'postgres'),
    `create database ${name} template ${original} strategy file_copy`,
  );
  return databaseUrl(url, name);
}

function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
