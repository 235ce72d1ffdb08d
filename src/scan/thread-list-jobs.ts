import { askForUnseenThreads } from '../db/thread-lists.ts';
import { addThreadsJob } from '../jobs/enqueue-thread-lists.ts';
import type { JobHandlers } from '../jobs/jobs.ts';
import { type ListThreadsTools, listThreads } from './list-threads.ts';
import { waitAfter } from './scan-waits.ts';

/** Jobs that find threads. What is to be listed stands in the database, so a job that is cut off loses nothing. */
export function threadListJobs(tools: ListThreadsTools) {
  const { db } = tools;
  return {
    async list_threads(request, { signal }) {
      try {
        await listThreads(request, tools, signal);
      } catch (error) {
        const waitSecs = signal.aborted ? 0 : waitAfter(error)?.firstSecs;
        if (waitSecs === undefined) throw error;
        await db.transaction((tx) => addThreadsJob(tx, request, waitSecs));
      }
    },

    list_unseen_threads: listUnseenThreadsJob(tools),
  } satisfies Partial<JobHandlers>;
}

export function listUnseenThreadsJob({ db, log }: Pick<ListThreadsTools, 'db' | 'log'>) {
  return () =>
    db.transaction(async (tx) => {
      const guildIds = await askForUnseenThreads(tx);
      for (const guildId of guildIds) await addThreadsJob(tx, { guildId, requestedBy: 'auto' }, 0);
      if (guildIds.length > 0) log.info({ guilds: guildIds.length }, 'threads are listed anew');
      return { guilds: guildIds.length };
    });
}
