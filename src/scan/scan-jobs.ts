import { randomUUID } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { DatabaseOutage } from '../db/database-outage.ts';
import { markStaleVideos } from '../db/index-pages.ts';
import { failScanRun, startScanRun, succeedScanRun } from '../db/move-scan-run.ts';
import { claimScanRun, parkScanRun } from '../db/park-scan-run.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import { DiscordError } from '../discord/discord-error.ts';
import { enqueueMissed, exceptOf } from '../jobs/enqueue-scan.ts';
import type { JobHandlers } from '../jobs/jobs.ts';
import { queueScanRuns } from '../jobs/queue-scan-runs.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { Cancellations, WatchedWalk } from './cancellations.ts';
import { removeGoneThread } from './gone-thread.ts';
import { ScanFailure, type SuccessReason } from './reasons.ts';
import { type Wait, waitAfter } from './scan-waits.ts';
import { type WalkTools, walkChannel } from './walk-channel.ts';

export type ScanJobTools = WalkTools & { cancellations: Cancellations; log: Logger };

/** Walks the channel of one run as far as it goes, and says how it ended. */
export function scanRunJob(tools: ScanJobTools): JobHandlers['scan_run'] {
  const { db, log, cancellations } = tools;
  return async ({ runId }, { signal }) => {
    const workerId = randomUUID();
    const watched = cancellations.watch(runId, signal);
    try {
      const start = await startScanRun(db, runId, workerId);
      if (start.outcome === 'not_startable') return;
      await workRun(start.run, workerId, tools, watched);
      log.debug({ run: runId, channel: start.run.channelId }, 'run left');
    } finally {
      watched.end();
    }
  };
}

async function workRun(
  run: ScanRun,
  workerId: string,
  tools: ScanJobTools,
  watched: WatchedWalk,
): Promise<void> {
  const { db, log } = tools;
  try {
    const result = await walkChannel(run, workerId, tools, watched.signal);
    if (result.outcome === 'finished') await finish(db, run, workerId, result.reason);
    if (result.outcome === 'turn_over') await giveBack(db, run, workerId);
  } catch (error) {
    if (watched.isCanceled) return;
    if (watched.signal.aborted) return giveBack(db, run, workerId);
    const wait = waitAfter(error);
    if (wait !== null) return park(run, workerId, wait, tools);
    const failure = failureOf(error);
    if (failure === null) throw error; // an outage of the database: the queue tries again
    log.warn({ run: run.id, channel: run.channelId, err: messageOf(error) }, 'run failed');
    await db.transaction(async (tx) => {
      const ended = await failScanRun(tx, run.id, failure.message, workerId);
      if (!ended.ok) return;
      await removeGoneThread(tx, run.channelId, error); // nobody told of an archived one's deletion
      // Whatever else prevented it, another run would meet as well; when that changes, it is looked at anew.
      if (failure.reason === 'internal')
        await enqueueMissed(tx, { channelIds: [run.channelId] }, exceptOf(run));
    });
  }
}

/** The end of a run, and with it whatever was missed in the channel while the run was in the way of another. */
async function finish(db: Database, run: ScanRun, workerId: string, reason: SuccessReason): Promise<void> {
  await db.transaction(async (tx) => {
    const result = await succeedScanRun(tx, run.id, workerId, reason);
    if (!result.ok) return;
    await markStaleVideos(tx, { channelId: run.channelId });
    await enqueueMissed(tx, { channelIds: [run.channelId] }, exceptOf(run));
  });
}

/** This worker stops, or others are next: the run goes on, wherever, when its turn comes again. */
async function giveBack(db: Database, run: ScanRun, workerId: string): Promise<void> {
  await db.transaction(async (tx) => {
    if (await claimScanRun(tx, run.id, workerId)) await queueScanRuns(tx, [run.id]);
  });
}

/** The run stays as it is, and its job comes back when waiting may have helped. */
async function park(run: ScanRun, workerId: string, wait: Wait, { db, log }: ScanJobTools): Promise<void> {
  const secs = await db.transaction(async (tx) => {
    const delaySecs = await parkScanRun(tx, run.id, workerId, wait.reason, wait);
    if (delaySecs !== null) await queueScanRuns(tx, [run.id], delaySecs);
    return delaySecs;
  });
  if (secs !== null)
    log.info({ run: run.id, channel: run.channelId, reason: wait.reason, secs }, 'run waits');
}

function failureOf(error: unknown): ScanFailure | null {
  if (error instanceof ScanFailure) return error;
  if (error instanceof DatabaseOutage) return null;
  if (!(error instanceof DiscordError)) return new ScanFailure('internal', { cause: error });
  if (error.kind === 'forbidden') return new ScanFailure('missing_access', { cause: error });
  if (error.kind === 'not_found') return new ScanFailure('channel_gone', { cause: error });
  return new ScanFailure('internal', { cause: error });
}
