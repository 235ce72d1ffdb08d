import { readDatabaseState } from '../db/database-state.ts';
import { hasLivingWorker } from '../db/job-queue.ts';
import { readInstanceCounts } from '../db/metrics.ts';
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
  if (!(await hasLivingWorker(db))) {
    yield warn('program', 'No worker is running, so no run moves.', 'Start one: npm start');
    return;
  }
  yield ok('program', 'a worker is running');
  yield checkGatewayShards((await readInstanceCounts(db)).gatewayShards);
}

function checkGatewayShards(connected: number): Finding {
  const check = 'gateway connection';
  if (connected > 0)
    return ok(check, `${connected} ${connected === 1 ? 'shard is' : 'shards are'} connected`);
  return warn(
    check,
    'The gateway is not connected, so what is posted now is not seen until it is.',
    'See the log of the process with the role "gateway", or start one; its /readyz tells since when.',
  );
}
