import type { Database } from '../db/database.ts';
import { deleteGuildsDepartedBefore } from '../db/guild-departures.ts';
import { purgeInstallIntents } from '../db/install-intents.ts';
import { addJob, findRunsWithoutJob } from '../db/job-queue.ts';
import { purgeDeletedMessages } from '../db/videos.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { type JobHandlers, scanJobKey } from './jobs.ts';

const INTENT_GRACE_SECS = 300;
const DELETED_MESSAGE_MEMORY_SECS = 3600; // far longer than a page is on its way
const REVIVED_RUNS = 500; // in one go; the next one takes the rest
const DAY_MS = 86_400_000;

type Housekeeping = { db: Database; clock: Clock; log: Logger; departedGuildGraceDays: number };

/** Jobs that keep the database in order. Doing one twice changes nothing. */
export function housekeepingJobs({ db, clock, log, departedGuildGraceDays }: Housekeeping) {
  return {
    async purge_install_intents() {
      const count = await purgeInstallIntents(db, INTENT_GRACE_SECS);
      log.info({ count }, 'expired install intents purged');
    },

    async purge_deleted_messages() {
      await purgeDeletedMessages(db, DELETED_MESSAGE_MEMORY_SECS);
    },

    async delete_departed_guilds() {
      const before = new Date(clock.now() - departedGuildGraceDays * DAY_MS);
      const deleted = await db.transaction((tx) => deleteGuildsDepartedBefore(tx, before));
      if (deleted.length > 0) log.info({ guilds: deleted }, 'departed guilds deleted');
    },

    async revive_scan_runs() {
      for (const { runId } of await findRunsWithoutJob(db, REVIVED_RUNS)) {
        log.warn({ run: runId }, 'run without a job goes on');
        await addJob(db, { task: 'scan_run', payload: { runId }, key: scanJobKey(runId) });
      }
    },
  } satisfies Partial<JobHandlers>;
}
