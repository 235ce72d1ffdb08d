import type { Transaction } from '../db/database.ts';
import { cancelScanRun, type FinishResult } from '../db/move-scan-run.ts';
import { enqueueMissed } from './enqueue-scan.ts';

/** Ends a run. What was missed in its channel while it was in the way of another run is asked for; its own rest is not. */
export async function cancelScan(tx: Transaction, runId: string): Promise<FinishResult> {
  const canceled = await cancelScanRun(tx, runId);
  if (canceled.ok) {
    await enqueueMissed(tx, { channelIds: [canceled.run.channelId], abandonedRunId: canceled.run.id });
  }
  return canceled;
}
