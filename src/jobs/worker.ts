import { EventEmitter, once } from 'node:events';
import { Logger as QueueLogger, type Runner, run, type WorkerEvents } from 'graphile-worker';
import type { Database } from '../db/database.ts';
import { raiseBeacon, unlockDeadPools } from '../db/job-queue.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { isAbortError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { untilAborted } from '../lib/run-together.ts';
import type { JobHandlers, ScheduledJobName } from './jobs.ts';

const POLL_INTERVAL_MS = 5_000; // notifications make jobs prompt; this only catches a missed one
const DEAD_POOL_CHECK_MS = 2_000;
const RESTART_FIRST_MS = 500;
const RESTART_MAX_MS = 15_000;
const STOP_DEADLINE_MS = 3_000; // jobs put themselves back within milliseconds; the program ends within 5 s

export type WorkerOptions = {
  db: Database;
  handlers: JobHandlers;
  /** When which job runs by itself. */
  schedules: Partial<Record<ScheduledJobName, string>>;
  /** Jobs at a time; they mostly wait for Discord. */
  concurrency: number;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

/**
 * Works the queue until the signal aborts. An outage of PostgreSQL, or the loss of the connection that proves that we
 * live, ends this pool of workers and begins a new one when it can; other processes take over what it held.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { clock, log, signal } = options;
  const reaper = returnJobsOfTheDead(options);
  for (let failures = 0; !signal.aborted; ) {
    const startedAt = clock.monotonic();
    try {
      await runPool(options);
    } catch (error) {
      failures = clock.monotonic() - startedAt > RESTART_MAX_MS ? 1 : failures + 1;
      log.warn({ err: messageOf(error) }, 'worker interrupted; it starts again');
      await clock.sleep(backoffMs(failures, RESTART_FIRST_MS, RESTART_MAX_MS), signal).catch(ignoreAbort);
    }
  }
  await reaper;
}

/** One pool from start to end. Rejects when its beacon is lost or the queue fails; its jobs are told to stop. */
async function runPool({
  db,
  handlers,
  schedules,
  concurrency,
  clock,
  log,
  signal,
}: WorkerOptions): Promise<void> {
  const lost = new AbortController();
  const stop = AbortSignal.any([signal, lost.signal]);
  const events: WorkerEvents = new EventEmitter();
  const created = once(events, 'pool:create') as Promise<[{ workerPool: { id: string } }]>;
  const beacon = await db.hold((error) => lost.abort(error));
  try {
    const runner = await run({
      pgPool: db.pool,
      taskList: taskList(handlers, stop),
      crontab: Object.entries(schedules)
        .map(([task, cron]) => `${cron} ${task}`)
        .join('\n'),
      concurrency,
      pollInterval: POLL_INTERVAL_MS,
      // The queue's unbatched way of ending a job has nobody who handles its failure, which would end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      noHandleSignals: true,
      events,
      logger: queueLogger(log),
    });
    try {
      const [{ workerPool }] = await created;
      await raiseBeacon(beacon, workerPool.id);
      await Promise.race([untilAborted(stop), runner.promise]);
    } finally {
      lost.abort(new Error('the worker stops'));
      await stopRunner(runner, clock, log);
    }
  } finally {
    beacon.release();
  }
  if (!signal.aborted) throw new Error('the queue ended', { cause: lost.signal.reason });
}

/**
 * Waits for the jobs, which were told to stop, but not for ever: without its database the queue may never end. What it
 * leaves behind holds no job, as its beacon is gone.
 */
async function stopRunner(runner: Runner, clock: Clock, log: Logger): Promise<void> {
  const timer = new AbortController();
  const stopped = runner.stop().catch((error: unknown) => log.debug({ err: messageOf(error) }, 'queue stop'));
  await Promise.race([stopped, clock.sleep(STOP_DEADLINE_MS, timer.signal).catch(ignoreAbort)]);
  timer.abort();
}

/** Handlers as the queue calls them. A job that was told to stop has put itself back, and is not a failure. */
function taskList(handlers: JobHandlers, signal: AbortSignal) {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handler]) => [
      name,
      async (payload: unknown) => {
        await (handler as (payload: unknown, context: { signal: AbortSignal }) => Promise<void>)(payload, {
          signal,
        });
      },
    ]),
  );
}

async function returnJobsOfTheDead({ db, clock, log, signal }: WorkerOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      const dead = await unlockDeadPools(db);
      if (dead.length > 0) log.warn({ pools: dead }, 'jobs of dead workers go on here');
    } catch (error) {
      log.debug({ err: messageOf(error) }, 'dead workers could not be looked for');
    }
    await clock.sleep(DEAD_POOL_CHECK_MS, signal).catch(ignoreAbort);
  }
}

/** The queue's own log: its faults are ours to show, its chatter only when debugging. */
function queueLogger(log: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    log[level === 'error' ? 'warn' : level === 'warning' ? 'debug' : 'trace']({ queue: true }, message);
  });
}

function ignoreAbort(error: unknown): void {
  if (!isAbortError(error)) throw error;
}
