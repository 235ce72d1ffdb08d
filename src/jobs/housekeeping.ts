import { deleteUnusedAuthors } from '../db/authors.ts';
import type { Database } from '../db/database.ts';
import { deleteGuildsDepartedBefore } from '../db/guild-departures.ts';
import { findPassesWithoutJob } from '../db/index-passes.ts';
import { findRunsWithoutJob } from '../db/job-queue.ts';
import { purgeDeletedMessages } from '../db/videos.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { JobContext, JobHandlers } from './jobs.ts';
import { pruneScanRuns } from './prune-runs.ts';
import { queueIndexPass } from './queue-index-pass.ts';
import { queueScanRuns } from './queue-scan-runs.ts';

const DELETED_MESSAGE_MEMORY_SECS = 3600; // far longer than a page is on its way
const REVIVED_RUNS = 500; // in one go; the next one takes the rest
const AUTHORS_AT_ONCE = 1_000; // so that locks are short and a stop is prompt
const DAY_MS = 86_400_000;

type Housekeeping = {
  db: Database;
  clock: Clock;
  log: Logger;
  departedGuildGraceDays: number;
  runHistoryDays: number;
};

/** Jobs that keep the database in order. Doing one twice changes nothing. */
export function housekeepingJobs({ db, clock, log, ...config }: Housekeeping) {
  return {
    async purge_deleted_messages() {
      return { deletions: await purgeDeletedMessages(db, DELETED_MESSAGE_MEMORY_SECS) };
    },

    async delete_departed_guilds(_payload: object, { signal }: JobContext) {
      const before = new Date(clock.now() - config.departedGuildGraceDays * DAY_MS);
      let count = 0;
      while (!signal.aborted) {
        const deleted = await db.transaction((tx) => deleteGuildsDepartedBefore(tx, before));
        if (deleted.length === 0) break;
        log.info({ guilds: deleted }, 'departed guilds deleted');
        count += deleted.length;
      }
      return { guilds: count };
    },

    async delete_unused_authors(_payload: object, { signal }: JobContext) {
      let count = 0;
      while (!signal.aborted) {
        const deleted = await deleteUnusedAuthors(db, AUTHORS_AT_ONCE);
        count += deleted;
        if (deleted < AUTHORS_AT_ONCE) break;
      }
      return { authors: count };
    },

    async prune_scan_runs(_payload: object, { signal }: JobContext) {
      const count = await pruneScanRuns(db, config.runHistoryDays, signal);
      if (count > 0) log.info({ count }, 'old runs deleted');
      return { runs: count };
    },

    async revive_scan_runs() {
      const runIds = await findRunsWithoutJob(db, REVIVED_RUNS);
      if (runIds.length > 0) log.warn({ runs: runIds }, 'runs without a job go on');
      await queueScanRuns(db, runIds);
      const passes = await findPassesWithoutJob(db, REVIVED_RUNS);
      for (const pass of passes) {
        log.warn({ pass: pass.id }, 'index pass without a job goes on');
        await queueIndexPass(db, pass);
      }
      return { runs: runIds.length, indexPasses: passes.length };
    },
  } satisfies Partial<JobHandlers>;
}
