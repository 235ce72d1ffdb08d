import { askForUnseenThreads } from '../db/thread-lists.ts';
import { addThreadsJob } from '../jobs/enqueue-thread-lists.ts';
import type { JobHandlers, JobPayloads } from '../jobs/jobs.ts';
import { type ListThreadsTools, listThreads } from './list-threads.ts';
import { growingSecs, waitAfter } from './scan-waits.ts';

/** Jobs that find threads. What is to be listed stands in the database, so a job that is cut off loses nothing. */
export function threadListJobs(tools: ListThreadsTools) {
  const { db } = tools;
  const addAgain = (request: JobPayloads['list_threads'], delaySecs: number) =>
    db.transaction((tx) => addThreadsJob(tx, request, delaySecs));
  return {
    async list_threads(request, { signal }) {
      try {
        await listThreads(request, tools, signal);
      } catch (error) {
        if (signal.aborted) return addAgain(request, 0);
        const wait = waitAfter(error);
        if (wait === null) throw error;
        const { waitCount = 0 } = request;
        await addAgain({ ...request, waitCount: waitCount + 1 }, growingSecs(wait, waitCount));
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
