import { readDatabaseState } from '../db/database-state.ts';
import { hasLivingWorker } from '../db/job-queue.ts';
import type { OpenDatabase } from '../db/open-database.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Of a database that answers. */
export async function* checkDatabase({
  db,
  kind,
}: Pick<OpenDatabase, 'db' | 'kind'>): AsyncGenerator<Finding> {
  const { version, pendingMigrations } = await readDatabaseState(db);
  yield ok('database', `PostgreSQL ${version}, ${kind === 'embedded' ? 'built in' : 'on a server'}`);
  if (pendingMigrations.length > 0) {
    const message = `${pendingMigrations.length} migrations are still to come.`;
    yield warn('schema', message, 'Run "clipdex migrate", or "clipdex start", which does it too.');
    return;
  }
  yield ok('schema', 'up to date');
  yield (await hasLivingWorker(db))
    ? ok('program', 'a worker is running')
    : warn('program', 'No worker is running, so no run moves.', 'Start one: npm start');
}
