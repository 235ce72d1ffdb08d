import {
  findMissedStretches,
  lockMissedScope,
  type MissedScope,
  type MissedStretch,
} from '../db/coverage.ts';
import type { Transaction } from '../db/database.ts';
import { type EnqueueResult, enqueueScanRun, type ScanRequest } from '../db/enqueue-scan-run.ts';
import { type BulkEnqueueResult, enqueueScanRuns } from '../db/enqueue-scan-runs.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import { queueScanRuns } from './queue-scan-runs.ts';

const BATCH_SIZE = 500; // requests of one statement: all channels of a guild, and a bound to what it holds in memory

/** Queues a scan of a channel with the job that will walk it, or says why not. */
export async function enqueueScan(tx: Transaction, request: ScanRequest): Promise<EnqueueResult> {
  const result = await enqueueScanRun(tx, request);
  if (result.ok) await queueScanRuns(tx, [result.run.id]);
  return result;
}

/** Queues scans of many channels with their jobs, in a few statements however many they are; answers each request. */
export async function enqueueScans(
  tx: Transaction,
  requests: readonly ScanRequest[],
): Promise<BulkEnqueueResult[]> {
  // One order over all batches: whoever asks for the same channels at once waits at the first, never crosswise.
  const ordered = requests.toSorted((a, b) => (a.channelId < b.channelId ? -1 : 1));
  const results: BulkEnqueueResult[] = [];
  for (let start = 0; start < ordered.length; start += BATCH_SIZE) {
    const answers = await enqueueScanRuns(tx, ordered.slice(start, start + BATCH_SIZE));
    await queueScanRuns(
      tx,
      answers.flatMap((answer) => (answer.ok ? [answer.runId] : [])),
    );
    results.push(...answers);
  }
  return results;
}

/** Those of the stretches that were missed that are worth a run. */
export type ChooseStretches = (missed: MissedStretch[]) => MissedStretch[] | Promise<MissedStretch[]>;

/** Queues a run for each stretch that a restart or an outage left uncovered, or for those that are chosen. Answers how many. */
export async function enqueueMissed(
  tx: Transaction,
  scope: MissedScope,
  choose: ChooseStretches = (missed) => missed,
): Promise<number> {
  await lockMissedScope(tx, scope);
  const missed = await findMissedStretches(tx, scope);
  if (missed.length === 0) return 0;
  const stretches = await choose(missed);
  const results = await enqueueScans(
    tx,
    stretches.map((stretch) => ({ ...stretch, requestedBy: 'catch_up' })),
  );
  return results.filter((result) => result.ok).length;
}

/** After a run has ended: what it could not cover is not asked for again by the same bounds. */
export function exceptOf(ended: Pick<ScanRun, 'afterMessageId' | 'beforeMessageId'>): ChooseStretches {
  return (missed) =>
    missed.filter(
      ({ afterMessageId, beforeMessageId }) =>
        afterMessageId !== ended.afterMessageId || beforeMessageId !== ended.beforeMessageId,
    );
}
