import type { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open-database.ts';
import type { CommandContext } from './run-command.ts';

/** Joins the database, also that of a running program, brings it up to date, and leaves it when `work` has ended. */
export async function withDatabase<Result>(
  { config, log, signal }: CommandContext,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase({ ...config, use: 'command' }, log, signal);
  try {
    await migrate(database.db, log, { signal });
    return await work(database.db);
  } finally {
    await database.close();
  }
}
