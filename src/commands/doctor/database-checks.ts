import type { Config } from '../../config.ts';
import { readDatabaseState } from '../../db/database-state.ts';
import { hasLivingWorker } from '../../db/job-queue.ts';
import { type OpenDatabase, openDatabase } from '../../db/open-database.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { ClipdexError, isTimeoutError } from '../../lib/errors.ts';
import { createLogger } from '../../lib/log.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** A server that starts or is far away answers sooner; the doctor does not wait for one that is down. */
const CONNECT_DEADLINE_MS = 5_000;

export async function checkDatabase(config: Config, signal: AbortSignal): Promise<Finding[]> {
  let database: OpenDatabase;
  try {
    const options = { ...config, use: 'command' as const };
    database = await withDeadline(CONNECT_DEADLINE_MS, signal, (inTime) =>
      openDatabase(options, createLogger('silent'), inTime),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClipdexError) return [fail('database', error.message, null)];
    if (!isTimeoutError(error)) throw error;
    return [
      fail(
        'database',
        `The server of DATABASE_URL gave no answer within ${CONNECT_DEADLINE_MS / 1000} s.`,
        'Start it, or correct DATABASE_URL; check that this machine may connect to it.',
      ),
    ];
  }
  try {
    return await inspect(database);
  } finally {
    await database.close();
  }
}

async function inspect({ db, kind }: OpenDatabase): Promise<Finding[]> {
  const { version, pendingMigrations } = await readDatabaseState(db);
  const findings = [
    ok('database', `PostgreSQL ${version}, ${kind === 'embedded' ? 'built in' : 'on a server'}`),
  ];
  if (pendingMigrations.length > 0) {
    const message = `${pendingMigrations.length} migrations are still to come.`;
    return [
      ...findings,
      warn('schema', message, 'Run "clipdex migrate", or "clipdex start", which does it too.'),
    ];
  }
  findings.push(ok('schema', 'up to date'));
  if (await hasLivingWorker(db)) return [...findings, ok('program', 'a worker is running')];
  return [...findings, warn('program', 'No worker is running, so no run moves.', 'Start one: npm start')];
}
