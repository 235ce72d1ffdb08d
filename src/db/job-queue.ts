import { type Queryable, sql } from './database.ts';

/**
 * The queue's rows (schema graphile_worker). A pool is one worker process as the queue knows it: it locks the jobs
 * that it runs. A pool proves that it lives by holding an advisory lock on a connection of its own, its beacon;
 * PostgreSQL drops that lock the moment the process, or its connection, is gone.
 */
const BEACON_LOCK_CLASS = 1_129_074_000; // any number of our own; the first half of the advisory lock's key

/** A pool locks its first jobs a moment before its beacon stands. */
const BEACON_GRACE_SECS = 3;

/** A host that vanished sends no goodbye: a silent connection is probed, and given up after so many lost probes. */
const KEEPALIVE_IDLE_SECS = 10;
const KEEPALIVE_INTERVAL_SECS = 5;
const KEEPALIVE_COUNT = 3;

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

/**
 * Waits until this connection holds the pool's beacon. The lock lives as long as the connection, which PostgreSQL ends
 * within half a minute when the worker's host vanishes. (Over a local socket, where none can, it ignores that.)
 */
export async function raiseBeacon(connection: Queryable, poolId: string): Promise<void> {
  await connection.query(sql`
    select set_config('tcp_keepalives_idle', ${String(KEEPALIVE_IDLE_SECS)}, false),
      set_config('tcp_keepalives_interval', ${String(KEEPALIVE_INTERVAL_SECS)}, false),
      set_config('tcp_keepalives_count', ${String(KEEPALIVE_COUNT)}, false)`);
  await connection.query(sql`select pg_advisory_lock(${BEACON_LOCK_CLASS}::integer, hashtext(${poolId}))`);
}

/** Gives the jobs of pools whose beacon is gone back to the queue; answers the dead pools' ids. */
export async function unlockDeadPools(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ dead: string[] | null }>(sql`
    with dead as (
      select distinct jobs.locked_by as pool_id
      from graphile_worker.jobs
      where jobs.locked_by is not null
        and jobs.locked_at < now() - make_interval(secs => ${BEACON_GRACE_SECS})
        and not exists (
          select from pg_locks beacon
          where beacon.locktype = 'advisory' and beacon.granted
            and beacon.database = (select oid from pg_database where datname = current_database())
            and beacon.classid::bigint = ${BEACON_LOCK_CLASS}::bigint
            and beacon.objid = (hashtext(jobs.locked_by)::bigint & 4294967295)::oid -- objid is unsigned
        )
    ),
    pools as materialized (select array_agg(pool_id) as ids from dead)
    select pools.ids as dead, graphile_worker.force_unlock_workers(pools.ids) from pools where pools.ids is not null`);
  return rows[0]?.dead ?? [];
}

/** Whether any worker lives on this database, and would run what is queued. */
export async function hasLivingWorker(db: Queryable): Promise<boolean> {
  const rows = await db.query(sql`
    select from pg_locks beacon
    where beacon.locktype = 'advisory' and beacon.granted
      and beacon.database = (select oid from pg_database where datname = current_database())
      and beacon.classid::bigint = ${BEACON_LOCK_CLASS}::bigint
    limit 1`);
  return rows.length > 0;
}

/** Unfinished runs that no job stands for (its attempts were used up, or it was removed), oldest first. */
export async function findRunsWithoutJob(db: Queryable, limit: number): Promise<{ runId: string }[]> {
  return db.query<{ runId: string }>(sql`
    select r.id as "runId" from bot_channel_scan_runs r
    where r.status in ('queued', 'running')
      and not exists (
        select from graphile_worker.jobs
        where jobs.key = 'scan_run:' || r.id and jobs.attempts < jobs.max_attempts
      )
    order by r.created_at
    limit ${limit}`);
}
