import { purgeApiTokens } from '../db/api-tokens.ts';
import type { Database, Transaction } from '../db/database.ts';
import { purgeGrants } from '../db/discord-grants.ts';
import { purgeInstallIntents } from '../db/install-intents.ts';
import { takeJobTurn } from '../db/job-queue.ts';
import { purgeRateLimits } from '../db/rate-limits.ts';
import { purgeSessions } from '../db/sessions.ts';
import type { Logger } from '../lib/log.ts';
import type { JobHandlers, JobReport, ScheduledJobName } from './jobs.ts';

type Purge = {
  db: Database;
  log: Logger;
  sessionIdleDays: number;
  installIntents: { purgeGraceSecs: number };
};

/** Jobs that delete what has expired by itself. Doing one twice changes nothing. */
export function purgeJobs({ db, log, sessionIdleDays: idleDays, installIntents }: Purge) {
  return {
    purge_install_intents: () =>
      inTurn(db, 'purge_install_intents', async (tx) => {
        const intents = await purgeInstallIntents(tx, installIntents.purgeGraceSecs);
        log.info({ count: intents }, 'expired install intents purged');
        return { intents };
      }),

    purge_expired_sessions: () =>
      inTurn(db, 'purge_expired_sessions', async (tx) => {
        const sessions = await purgeSessions(tx, { idleDays });
        const grants = await purgeGrants(tx);
        const apiTokens = await purgeApiTokens(tx);
        const rateLimits = await purgeRateLimits(tx);
        if (sessions + grants + apiTokens > 0)
          log.info({ sessions, grants, apiTokens }, 'expired sessions purged');
        return { sessions, grants, apiTokens, rateLimits };
      }),
  } satisfies Partial<JobHandlers>;
}

/** One at a time, also of those that a person runs by hand: whoever comes second finds it being done. */
async function inTurn(
  db: Database,
  name: ScheduledJobName,
  work: (tx: Transaction) => Promise<JobReport>,
): Promise<JobReport> {
  return db.transaction(async (tx) => ((await takeJobTurn(tx, name)) ? work(tx) : null));
}
