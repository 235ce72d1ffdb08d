import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { Database } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';

export type TestDatabase = AsyncDisposable & {
  db: Database;
  url: string;
  /** Ends the pool and drops the database. Fails when anyone else is still connected to it. */
  close(): Promise<void>;
};

/** A database of its own for one test or one file: a clone of the migrated template. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(inject('templateDatabase'));
}

/** The same without any tables. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const name = `clipdex_test_${randomBytes(8).toString('hex')}`;
  // Twice as fast as the default where fsync is off.
  await administer(`create database ${name} template ${template} strategy file_copy`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const db = new Database(url.href, createLogger('error'));
  const close = async () => {
    await db.close();
    await dropDatabase(name);
  };
  return { db, url: url.href, close, [Symbol.asyncDispose]: close };
}

/** PostgreSQL waits a few seconds for other connections to end: what is left then was opened and never closed. */
async function dropDatabase(name: string): Promise<void> {
  await administer(`drop database ${name}`).catch(async (error: Error) => {
    await administer(`drop database ${name} with (force)`);
    throw new Error('the test left connections to its database open', { cause: error });
  });
}

/** Runs one statement in the server's own database. */
export async function administer(statement: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
