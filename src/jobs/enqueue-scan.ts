import { findMissedStretches } from '../db/coverage.ts';
import type { Transaction } from '../db/database.ts';
import { type EnqueueResult, enqueueScanRun, type ScanRequest } from '../db/enqueue-scan-run.ts';
import { addJob } from '../db/job-queue.ts';
import { type JobName, scanJobKey, scanPriority } from './jobs.ts';

const SCAN_RUN: JobName = 'scan_run';

/** Queues a scan of a channel with the job that will walk it, or says why not. */
export async function enqueueScan(tx: Transaction, request: ScanRequest): Promise<EnqueueResult> {
  const result = await enqueueScanRun(tx, request);
  if (result.ok) {
    await addJob(tx, {
      task: SCAN_RUN,
      payload: { runId: result.run.id },
      key: scanJobKey(result.run.id),
      priority: scanPriority[request.requestedBy],
    });
  }
  return result;
}

/**
 * Queues a run for each stretch that a restart or an outage left uncovered. Answers how many.
 * `ended`: the run that has just ended; what it could not cover is not asked for again by the same bounds.
 */
export async function enqueueMissed(
  tx: Transaction,
  where: { guildId: string } | { channelIds: readonly string[] },
  ended?: { afterMessageId: string | null; beforeMessageId: string | null },
): Promise<number> {
  let count = 0;
  for (const stretch of await findMissedStretches(tx, where)) {
    const isSame =
      stretch.afterMessageId === ended?.afterMessageId && stretch.beforeMessageId === ended.beforeMessageId;
    if (isSame) continue;
    const result = await enqueueScan(tx, { ...stretch, requestedBy: 'catch_up' });
    if (result.ok) count += 1;
  }
  return count;
}
