import { type Queryable, sql } from './database.ts';
import type { WaitReason } from './scan-run-reasons.ts';
import { asRunId } from './scan-runs.ts';

/** The first wait, and how long one may become: each without a page since the last doubles. */
export type GrowingWait = { firstSecs: number; maxSecs: number };

/**
 * Lets a run wait: it keeps what it has, and its job is to come back after the answered number of seconds. The waits
 * are counted with the run, so that they grow although each attempt may be another worker's.
 * Null: the run has ended or belongs to another worker.
 */
export async function parkScanRun(
  db: Queryable,
  runId: string,
  workerId: string,
  reason: WaitReason,
  wait: GrowingWait,
): Promise<number | null> {
  const rows = await db.query<{ secs: number }>(sql`
    with claim as (
      select run.id, least(${wait.maxSecs}, ${wait.firstSecs} * 2.0 ^ least(walk.parked_count, 30))::float8 as secs
      from bot_channel_scan_runs run
      join scan_run_walks walk on walk.run_id = run.id
      where run.id = ${asRunId(runId)} and run.status = 'running' and walk.worker_id = ${workerId}
      for update of run, walk
    )
    update scan_run_walks walk
    set parked_until = now() + make_interval(secs => claim.secs),
      parked_reason = ${reason},
      parked_count = walk.parked_count + 1
    from claim
    where walk.run_id = claim.id
    returning claim.secs`);
  return rows[0]?.secs ?? null;
}

/** Whether the run still belongs to this worker, which is about to give it back to the queue; it is locked until then. */
export async function claimScanRun(db: Queryable, runId: string, workerId: string): Promise<boolean> {
  const rows = await db.query(sql`
    select run.id
    from bot_channel_scan_runs run
    join scan_run_walks walk on walk.run_id = run.id
    where run.id = ${asRunId(runId)} and run.status = 'running' and walk.worker_id = ${workerId}
    for update of run, walk`);
  return rows.length > 0;
}
