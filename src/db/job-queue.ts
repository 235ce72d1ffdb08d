import { type Queryable, sql, type Transaction } from './database.ts';
import { lockClasses, probeWhenSilent } from './held-locks.ts';

/**
 * The queue's rows (schema graphile_worker). A pool is one worker process as the queue knows it: it locks the jobs
 * that it runs. A pool proves that it lives by holding an advisory lock on a connection of its own, its beacon;
 * PostgreSQL drops that lock the moment the process, or its connection, is gone.
 */

/** A pool locks its first jobs a moment before its beacon stands. */
const BEACON_GRACE_SECS = 3;

export type NewJob = {
  task: string;
  payload: object;
  /** One waiting job per key: adding it again replaces the one that waits. */
  key?: string;
  /** Lower runs first. */
  priority?: number;
  /** Seconds from now; 0 is at once. */
  delaySecs?: number;
};

/** Attempts of a job that throws; what is meant to go on (a scan) puts itself back instead of throwing. */
const MAX_ATTEMPTS = 10;

/** Adds a job in the caller's transaction: it runs if and only if that commits. */
export async function addJob(db: Queryable, job: NewJob): Promise<void> {
  await db.query(sql`
    select from graphile_worker.add_job(
      ${job.task}, ${JSON.stringify(job.payload)}::json, job_key => ${job.key ?? null},
      run_at => now() + make_interval(secs => ${job.delaySecs ?? 0}),
      priority => ${job.priority ?? 0}, max_attempts => ${MAX_ATTEMPTS})`);
}

/** The same for many, in one statement. */
export async function addJobs(db: Queryable, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return;
  await db.query(sql`
    select count(*)
    from graphile_worker.add_jobs(array(
      select row(
        task, payload::json, null, now() + make_interval(secs => delay_secs), ${MAX_ATTEMPTS}::integer, key,
        priority, null
      )::graphile_worker.job_spec
      from unnest(
        ${jobs.map((job) => job.task)}::text[],
        ${jobs.map((job) => JSON.stringify(job.payload))}::text[],
        ${jobs.map((job) => job.key ?? null)}::text[],
        ${jobs.map((job) => job.priority ?? 0)}::integer[],
        ${jobs.map((job) => job.delaySecs ?? 0)}::double precision[]
      ) as given (task, payload, key, priority, delay_secs)
    ))`);
}

/**
 * Waits until this connection holds the pool's beacon. The lock lives as long as the connection.
 */
export async function raiseBeacon(connection: Queryable, poolId: string): Promise<void> {
  await probeWhenSilent(connection);
  await connection.query(sql`select pg_advisory_lock(${lockClasses.beacon}::integer, hashtext(${poolId}))`);
}

/**
 * Gives the jobs of pools whose beacon is gone back to the queue; answers the dead pools' ids. That a worker died is no
 * failure of its jobs: their attempts are counted anew, or a program that is killed often would end with none left.
 */
export async function unlockDeadPools(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ dead: string[]; jobs: string[] }>(sql`
    with dead as (
      select distinct jobs.locked_by as pool_id
      from graphile_worker.jobs
      where jobs.locked_by is not null
        and jobs.locked_at < now() - make_interval(secs => ${BEACON_GRACE_SECS})
        and not exists (
          select from pg_locks beacon
          where beacon.locktype = 'advisory' and beacon.granted
            and beacon.database = (select oid from pg_database where datname = current_database())
            and beacon.classid::bigint = ${lockClasses.beacon}::bigint
            and beacon.objid = (hashtext(jobs.locked_by)::bigint & 4294967295)::oid -- objid is unsigned
        )
    ),
    pools as materialized (select array_agg(pool_id) as ids from dead),
    held as materialized (
      select array_agg(jobs.id) as ids from graphile_worker.jobs join dead on dead.pool_id = jobs.locked_by
    )
    select pools.ids as dead, held.ids as jobs, graphile_worker.force_unlock_workers(pools.ids)
    from pools, held
    where pools.ids is not null`);
  const [{ dead, jobs } = { dead: [], jobs: [] }] = rows;
  if (jobs.length > 0) {
    await db.query(sql`
      select count(*) from graphile_worker.reschedule_jobs(${jobs}::bigint[], attempts => 0)`);
  }
  return dead;
}

/** The beacons of the workers that live on this database, and would run what is queued. */
export const livingBeacons = sql`
  select from pg_locks beacon
  where beacon.locktype = 'advisory' and beacon.granted
    and beacon.database = (select oid from pg_database where datname = current_database())
    and beacon.classid::bigint = ${lockClasses.beacon}::bigint`;

export async function hasLivingWorker(db: Queryable): Promise<boolean> {
  const rows = await db.query(sql`${livingBeacons} limit 1`);
  return rows.length > 0;
}

export type WaitingJob = {
  key: string;
  isRunning: boolean;
  /** It has failed as often as it may, and is not tried again. */
  isOver: boolean;
  lastError: string | null;
};

/** Those of these jobs that are not done. */
export async function listJobsByKey(db: Queryable, keys: readonly string[]): Promise<WaitingJob[]> {
  return db.query<WaitingJob>(sql`
    select key, locked_at is not null as "isRunning", locked_at is null and attempts >= max_attempts as "isOver",
      last_error as "lastError"
    from graphile_worker.jobs
    where key = any(${keys}::text[])`);
}

/** False when another transaction, of whatever process, has this turn. Else we have it until this one ends. */
export async function takeJobTurn(tx: Transaction, name: string): Promise<boolean> {
  const rows = await tx.query<{ isTaken: boolean }>(sql`
    select pg_try_advisory_xact_lock(${lockClasses.job}::integer, hashtext(${name})) as "isTaken"`);
  return rows[0]?.isTaken === true;
}

/** Unfinished runs that no job stands for (its attempts were used up, or it was removed), oldest first. */
export async function findRunsWithoutJob(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select r.id
    from bot_channel_scan_runs r
    where r.status in ('queued', 'running')
      and not exists (
        select from graphile_worker.jobs
        where jobs.key = 'scan_run:' || r.id and jobs.attempts < jobs.max_attempts
      )
    order by r.created_at
    limit ${limit}`);
  return rows.map((row) => row.id);
}
