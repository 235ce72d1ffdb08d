import type { Database, Queryable } from '../db/database.ts';
import { addJob } from '../db/job-queue.ts';
import { listVideoWriters, reevaluateVideos, type VideosOf } from '../db/reevaluate-videos.ts';
import type { VideoPlace } from '../db/videos-list.ts';
import type { Clock } from '../lib/clock.ts';
import { isAbortError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { type JobHandlers, type JobName, scanPriority } from './jobs.ts';

const REEVALUATE_VIDEOS: JobName = 'reevaluate_videos';
const BATCH_SIZE = 2_000; // videos; some 20 ms, for which a page that writes the same ones waits
const WRITERS_CHECK_MS = 25; // a page's transaction takes a few milliseconds

/** Queues the re-evaluation in the transaction that changes the settings. */
export async function enqueueReevaluation(tx: Queryable, where: VideosOf): Promise<void> {
  const [scope] = Object.entries(where);
  await addJob(tx, {
    task: REEVALUATE_VIDEOS,
    payload: where,
    key: `${REEVALUATE_VIDEOS}:${scope?.join(':')}`,
    priority: scanPriority.person, // before every walk: somebody has just changed a setting and looks at the page
  });
}

type Reevaluation = { db: Database; clock: Clock; log: Logger };

/**
 * Decides by the settings that hold now which stored files count as videos, without asking Discord. It begins when
 * every transaction has ended that may still have decided by the settings from before. Cut off, it begins anew; what
 * was decided already costs a look.
 */
export function reevaluateVideosJob({ db, clock, log }: Reevaluation): JobHandlers['reevaluate_videos'] {
  return async (where, { signal }) => {
    try {
      await writersDone(db, clock, signal);
      let changed = 0;
      let after: VideoPlace | null = null;
      do {
        signal.throwIfAborted();
        const batch = await reevaluateVideos(db, where, after, BATCH_SIZE);
        changed += batch.changed;
        after = batch.last;
      } while (after !== null);
      log.info({ ...where, changed }, 'videos decided anew by changed settings');
    } catch (error) {
      if (!signal.aborted || !isAbortError(error)) throw error;
      await enqueueReevaluation(db, where);
    }
  };
}

async function writersDone(db: Database, clock: Clock, signal: AbortSignal): Promise<void> {
  const waitedFor = new Set(await listVideoWriters(db));
  while (waitedFor.size > 0) {
    await clock.sleep(WRITERS_CHECK_MS, signal);
    const writing = new Set(await listVideoWriters(db));
    for (const id of waitedFor) if (!writing.has(id)) waitedFor.delete(id);
  }
}
