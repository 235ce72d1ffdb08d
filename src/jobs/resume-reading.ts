import { listNewestCovered } from '../db/age-restriction.ts';
import { findNeverScanned } from '../db/channel-rules.ts';
import type { Transaction } from '../db/database.ts';
import { enqueueScans } from './enqueue-scan.ts';
import { enqueueThreadLists } from './enqueue-thread-lists.ts';

/**
 * Queues what channels of a guild need that are read again after a pause in which nobody told us of their messages:
 * what is newer than all that is covered, and the first scan of those that never had one, where `auto_scan` wants it.
 * Answers the runs that were queued.
 */
export async function resumeReading(
  tx: Transaction,
  guildId: string,
  channelIds: readonly string[],
): Promise<string[]> {
  const covered = await listNewestCovered(tx, channelIds);
  const firstScans = await findNeverScanned(tx, guildId, channelIds);
  const results = await enqueueScans(tx, [
    ...firstScans.map((channelId) => ({ channelId, requestedBy: 'auto' as const })),
    ...covered.map(({ channelId, messageId: afterMessageId }) => ({
      channelId,
      afterMessageId,
      requestedBy: 'catch_up' as const,
    })),
  ]);
  await enqueueThreadLists(tx, guildId);
  return results.flatMap((result) => (result.ok ? [result.runId] : []));
}
