import { findChannelsToScan } from '../db/channels-to-scan.ts';
import type { Transaction } from '../db/database.ts';
import { enqueueIndexPassBeforeScan } from './enqueue-index-pass.ts';
import { enqueueScans } from './enqueue-scan.ts';
import { scanThreadsOfGuild } from './enqueue-thread-lists.ts';

/** Above what Discord allows in a guild: 500 channels. Threads are listed, and queued, by a job of their own. */
const MAX_CHANNELS = 1_000;

/**
 * Queues scans of all channels of a guild that are worth one, because a person asks for it: those that are being read,
 * hold messages, may be shown, have no unfinished run, and were not closed to the bot just now. Threads follow as they are listed, where they have news,
 * and a pass over the search index goes before them all.
 * Answers the ids of the runs.
 */
export async function scanGuild(tx: Transaction, guildId: string): Promise<string[]> {
  await enqueueIndexPassBeforeScan(tx, guildId);
  const channelIds = await findChannelsToScan(tx, guildId, MAX_CHANNELS);
  const results = await enqueueScans(
    tx,
    channelIds.map((channelId) => ({ channelId, requestedBy: 'person' })),
  );
  await scanThreadsOfGuild(tx, guildId);
  return results.flatMap((result) => (result.ok ? [result.runId] : []));
}
