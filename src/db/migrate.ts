import { Logger as GraphileLogger, runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { backoffMs } from '../lib/backoff.ts';
import { systemClock } from '../lib/clock.ts';
import { ClipdexError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { Database } from './database.ts';
import { type MigrationFile, migrationsFolder, readMigrationFiles } from './migration-files.ts';
import { type AppliedMigration, pendingMigrations } from './migration-plan.ts';

/** Key of the advisory lock under which one process at a time migrates; any constant that nobody else uses. */
const MIGRATE_LOCK = 7_025_118_841;
const LOCK_RETRY_FIRST_MS = 50;
const LOCK_RETRY_MAX_MS = 1_000; // what a start is late at most after another process has migrated

/**
 * Brings the database up to this program: our own migrations, each in its transaction, then those of graphile-worker.
 * Repeating it changes nothing; processes that start together wait for each other. The signal ends that wait, not a
 * migration that has begun.
 */
export async function migrate(
  db: Database,
  log: Logger,
  { folder = migrationsFolder, signal }: { folder?: string; signal?: AbortSignal } = {},
): Promise<{ applied: string[] }> {
  const files = await readMigrationFiles(folder);
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await lockMigrations(client, log, signal);
    const applied: string[] = [];
    for (const file of pendingMigrations(files, await readApplied(client))) {
      await applyMigration(client, file);
      log.info({ migration: file.name }, 'database migrated');
      applied.push(file.name);
    }
    await migrateQueue(db, log);
    await client.query('select pg_advisory_unlock($1)', [MIGRATE_LOCK]);
    return { applied };
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error)); // closing the connection gives up the lock
    throw explainRights(error);
  } finally {
    client.release(broken);
  }
}

/** Asks again and again, since nothing stops a statement that waits for the lock itself. */
async function lockMigrations(client: pg.PoolClient, log: Logger, signal?: AbortSignal): Promise<void> {
  for (let attempt = 1; !(await tryLock(client)); attempt += 1) {
    if (attempt === 1) log.info('another process is migrating the database; waiting for it');
    await systemClock.sleep(backoffMs(attempt, LOCK_RETRY_FIRST_MS, LOCK_RETRY_MAX_MS), signal);
  }
}

async function tryLock(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as locked', [MIGRATE_LOCK]);
  return rows[0]?.locked === true;
}

async function readApplied(client: pg.PoolClient): Promise<AppliedMigration[]> {
  await client.query(`
    create table if not exists clipdex_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<AppliedMigration>(
    'select name, checksum from clipdex_migrations order by name',
  );
  return rows;
}

async function applyMigration(client: pg.PoolClient, file: MigrationFile): Promise<void> {
  try {
    await client.query('begin');
    await client.query('set local statement_timeout = 0'); // to rewrite a large table may take its time
    await client.query(file.text);
    await client.query('insert into clipdex_migrations (name, checksum) values ($1, $2)', [
      file.name,
      file.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {}); // a broken connection has rolled back by itself
    throw Object.assign(new Error(`migration ${file.name} failed`, { cause: error }), {
      code: sqlStateOf(error),
    });
  }
}

/** graphile-worker keeps its tables in its own schema and knows by itself what is applied. */
async function migrateQueue(db: Database, log: Logger): Promise<void> {
  const logger = new GraphileLogger(() => (_level, message) => log.debug({ queue: message }, 'job queue'));
  await runMigrations({ pgPool: db.pool, logger });
}

const INSUFFICIENT_PRIVILEGE = '42501';

function explainRights(error: unknown): unknown {
  if (sqlStateOf(error) !== INSUFFICIENT_PRIVILEGE) return error;
  return new ClipdexError(
    'database_rights_missing',
    `The database user may not create what Clipdex needs (${messageOf(error)}). ` +
      'Make this user the owner of the database (alter database … owner to …) and start again.',
    { cause: error },
  );
}

function sqlStateOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
