import type { Transaction } from '../db/database.ts';
import type { EnqueueResult } from '../db/enqueue-scan-run.ts';
import type { ScanStatus } from '../db/scan-run-states.ts';
import { getScanRun } from '../db/scan-runs.ts';
import { enqueueScan } from './enqueue-scan.ts';

export type RetryResult =
  | (EnqueueResult & { channelId: string })
  | { ok: false; reason: 'run_unknown' }
  | { ok: false; reason: 'run_not_retryable'; status: ScanStatus };

/**
 * Asks once more for what a run that failed or was canceled did not finish: a new run with its bounds, which goes on
 * where that one stopped, since what is covered is not read again. The old run stays as it ended.
 */
export async function retryScanRun(tx: Transaction, runId: string): Promise<RetryResult> {
  const run = await getScanRun(tx, runId);
  if (!run) return { ok: false, reason: 'run_unknown' };
  if (run.status !== 'failed' && run.status !== 'canceled') {
    return { ok: false, reason: 'run_not_retryable', status: run.status };
  }
  const { channelId, afterMessageId, beforeMessageId } = run;
  const request = { channelId, afterMessageId, beforeMessageId, requestedBy: 'person' as const };
  return { ...(await enqueueScan(tx, request)), channelId };
}
