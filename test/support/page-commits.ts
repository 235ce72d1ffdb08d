import { ensureCoverage } from '../../src/db/coverage.ts';
import type { Database, Queryable } from '../../src/db/database.ts';
import { enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import { startScanRun } from '../../src/db/move-scan-run.ts';
import { commitScanPage } from '../../src/db/scan-pages.ts';
import { PostedFiles } from '../../src/library/posted-files.ts';

const WORKER = 'w1';

export type Walk = { channelId: string; runId: string };

/** A run of the channel that has begun, so that pages of it are taken. */
export async function beginWalk(db: Database, channelId: string): Promise<Walk> {
  await ensureCoverage(db, channelId);
  const queued = await db.transaction((tx) => enqueueScanRun(tx, { channelId, requestedBy: 'person' }));
  if (!queued.ok) throw new Error(queued.reason);
  await startScanRun(db, queued.run.id, WORKER);
  return { channelId, runId: queued.run.id };
}

/** Writes messages as a walk does that found them on one page. */
export async function commitMessages(db: Queryable, walk: Walk, messages: readonly unknown[]): Promise<void> {
  const files = new PostedFiles();
  for (const message of messages) files.add(message, walk.channelId, new Set());
  const messageIds = [...new Set(files.videos.map((video) => video.messageId))];
  let ownFormats: string | null = null;
  for (;;) {
    const outcome = await commitScanPage(db, {
      ...{
        runId: walk.runId,
        workerId: WORKER,
        covered: null,
        isLast: false,
        messageIds,
        ownFormats,
        newestAt: null,
      },
      ...{ videos: files.videos, authors: files.authors, skipped: files.skipped },
      pace: { workingMs: 1, plannedSpanMs: 1, remainingSpanMs: 1 },
    });
    if (outcome === 'committed') return;
    if (outcome === 'not_running') throw new Error('the page was refused');
    ownFormats = outcome.otherRules.ownFormats; // the messages tell the same by whichever formats
  }
}
