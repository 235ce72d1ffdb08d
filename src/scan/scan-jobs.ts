import { randomUUID } from 'node:crypto';
import type { Database } from '../db/database.ts';
import { DatabaseOutage } from '../db/database-outage.ts';
import { addJob } from '../db/job-queue.ts';
import { failScanRun, startScanRun, succeedScanRun } from '../db/move-scan-run.ts';
import { parkScanRun } from '../db/scan-pages.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import { DiscordError } from '../discord/discord-error.ts';
import { enqueueMissed } from '../jobs/enqueue-scan.ts';
import { type JobHandlers, scanJobKey, scanPriority } from '../jobs/jobs.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { ScanFailure, type SuccessReason } from './reasons.ts';
import { type WalkTools, walkChannel } from './walk-channel.ts';

const OUTAGE_WAIT_SECS = 15; // after the transport's own retries, before the run asks again
const REFUSED_WAIT_SECS = 600; // token refused or too many refusals: the whole budget's window

/** Walks the channel of one run as far as it goes, and says how it ended. */
export function scanRunJob(tools: WalkTools & { log: Logger }): JobHandlers['scan_run'] {
  const { db, log } = tools;
  return async ({ runId }, { signal }) => {
    const workerId = randomUUID();
    const start = await startScanRun(db, runId, workerId);
    if (start.outcome === 'not_startable') return;
    const { run } = start;
    try {
      const result = await walkChannel(run, workerId, tools, signal);
      if (result.outcome === 'finished') await finish(db, run, workerId, result.reason);
      log.debug({ run: run.id, channel: run.channelId, ...result }, 'run ended');
    } catch (error) {
      const pauseSecs = signal.aborted ? 0 : pauseAfter(error);
      if (pauseSecs !== null) return park(db, run, workerId, pauseSecs);
      const failure = failureOf(error);
      if (failure === null) throw error; // an outage of the database: the queue tries again
      log.warn({ run: run.id, channel: run.channelId, err: messageOf(error) }, 'run failed');
      await failScanRun(db, run.id, failure.message, workerId);
    }
  };
}

/** The end of a run, and with it whatever was missed in the channel while the run was in the way of another. */
async function finish(db: Database, run: ScanRun, workerId: string, reason: SuccessReason): Promise<void> {
  await db.transaction(async (tx) => {
    const result = await succeedScanRun(tx, run.id, workerId, reason);
    if (result.ok) await enqueueMissed(tx, { channelIds: [run.channelId] }, run);
  });
}

/** The run stays as it is, and its job comes back later: at once when only this worker stops. */
async function park(db: Database, run: ScanRun, workerId: string, delaySecs: number): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await parkScanRun(tx, run.id, workerId, delaySecs))) return;
    await addJob(tx, {
      task: 'scan_run',
      payload: { runId: run.id },
      key: scanJobKey(run.id),
      priority: scanPriority[run.requestedBy],
      delaySecs,
    });
  });
}

/** Seconds to wait before the run goes on, null when waiting does not help. */
function pauseAfter(error: unknown): number | null {
  if (!(error instanceof DiscordError)) return null;
  switch (error.kind) {
    case 'rate_limited':
      return Math.ceil((error.retryAfterMs ?? OUTAGE_WAIT_SECS * 1000) / 1000);
    case 'unavailable':
    case 'malformed':
      return OUTAGE_WAIT_SECS;
    case 'unauthorized':
    case 'invalid_budget_spent':
      return REFUSED_WAIT_SECS;
    default:
      return null;
  }
}

function failureOf(error: unknown): ScanFailure | null {
  if (error instanceof ScanFailure) return error;
  if (error instanceof DatabaseOutage) return null;
  if (!(error instanceof DiscordError)) return new ScanFailure('internal', { cause: error });
  if (error.kind === 'forbidden') return new ScanFailure('missing_access', { cause: error });
  if (error.kind === 'not_found') return new ScanFailure('channel_gone', { cause: error });
  return new ScanFailure('internal', { cause: error });
}
