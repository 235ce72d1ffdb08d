import { migrate } from '../db/migrate.ts';
import { openDatabase } from '../db/open-database.ts';
import { type Command, exitCodes } from './run-command.ts';

export const migrateDatabase: Command = async ({ config, log, signal, output }) => {
  const database = await openDatabase({ ...config, use: 'command' }, log, signal);
  try {
    const { applied } = await migrate(database.db, log, { signal });
    output.json({ applied });
    for (const name of applied) output.line(`Applied ${name}`);
    output.line(applied.length === 0 ? 'The database is up to date.' : 'The database is now up to date.');
    return exitCodes.done;
  } finally {
    await database.close();
  }
};
