import { type Queryable, sql } from './database.ts';
import { asRunId } from './scan-runs.ts';

export type ScanRunProgress = {
  messagesScanned: number | bigint;
  /** Messages that have videos. */
  messagesMatched: number | bigint;
  videosFound: number | bigint;
  oldestMessageId: string | null;
};

/**
 * Adds one page to the run's counters. False, and nothing was written: the run has ended or belongs to another worker.
 * Both rows are locked, so that a cancellation or a takeover that we had to wait for is seen.
 */
export async function addScanRunProgress(
  db: Queryable,
  runId: string,
  workerId: string,
  progress: ScanRunProgress,
): Promise<boolean> {
  const rows = await db.query(sql`
    with claim as (
      select run.id
      from bot_channel_scan_runs run
      join scan_run_walks walk on walk.run_id = run.id
      where run.id = ${asRunId(runId)} and run.status = 'running' and walk.worker_id = ${workerId}
      for update of run, walk
    ),
    counted as (
      update bot_channel_scan_runs run
      set messages_scanned = run.messages_scanned + ${progress.messagesScanned}::bigint,
        messages_matched = run.messages_matched + ${progress.messagesMatched}::bigint
      from claim
      where run.id = claim.id
    ),
    walked as (
      update scan_run_walks walk
      set pages = walk.pages + 1,
        videos_found = walk.videos_found + ${progress.videosFound}::bigint,
        oldest_message_id = least(walk.oldest_message_id, ${progress.oldestMessageId}::bigint)
      from claim
      where walk.run_id = claim.id
    )
    select id from claim`);
  return rows.length > 0;
}
