import type { APIThreadChannel } from 'discord-api-types/v10';
import { listChannelRules, startReadingNew } from '../db/channel-rules.ts';
import { findHousedThreads, upsertChannels } from '../db/channels-sync.ts';
import type { Database } from '../db/database.ts';
import { isThread } from '../discord/channel-types.ts';
import { readChannels } from '../library/read-channels.ts';

/**
 * Adds the threads that came with search results and are new to us, so that what was found in them has a place. One
 * whose channel we do not know is left to the listing of threads. Those that we know are as the gateway told them.
 */
export async function addToldThreads(
  db: Database,
  guildId: string,
  told: readonly APIThreadChannel[],
): Promise<void> {
  const threads = readChannels(told).filter((thread) => isThread(thread.type));
  if (threads.length === 0) return;
  const ids = threads.flatMap((thread) => [thread.id, thread.parentId ?? thread.id]);
  const known = await listChannelRules(db, [...new Set(ids)]);
  const added = threads.filter(
    ({ id, parentId }) => !known.has(id) && known.get(parentId ?? '')?.guildId === guildId,
  );
  if (added.length === 0) return;
  await db.transaction(async (tx) => {
    const housed = await findHousedThreads(tx, guildId, added);
    await startReadingNew(tx, await upsertChannels(tx, guildId, housed));
  });
}
