import type { Queryable } from '../db/database.ts';
import { deleteOldScanRuns } from '../db/prune-scan-runs.ts';

const BATCH_RUNS = 1_000; // of one statement, so that locks are short and a stop is prompt

/** Deletes runs that ended so many days ago, in batches, until none is left or the signal aborts; answers how many. */
export async function pruneScanRuns(
  db: Queryable,
  olderThanDays: number,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  while (!signal.aborted) {
    const deleted = await deleteOldScanRuns(db, olderThanDays, BATCH_RUNS);
    count += deleted;
    if (deleted < BATCH_RUNS) break;
  }
  return count;
}
