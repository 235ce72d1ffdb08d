import { findNeverScanned } from '../db/channel-rules.ts';
import type { Transaction } from '../db/database.ts';
import { applyAgeRestriction } from '../jobs/age-restriction.ts';
import { enqueueFirstIndexPass } from '../jobs/enqueue-index-pass.ts';
import { enqueueMissed, enqueueScans } from '../jobs/enqueue-scan.ts';
import { readBotAccess } from './bot-access.ts';

/**
 * What the new state of a guild, or of some of its channels, calls for: runs to stop, reading to begin again, the first
 * scan of every channel that `auto_scan` wants, and stretches that were missed. A few statements, however many channels
 * there are; repeating it changes nothing.
 */
export async function followUp(
  tx: Transaction,
  guildId: string,
  botUserId: string,
  channelIds: readonly string[] | null = null,
): Promise<void> {
  if (channelIds === null) {
    await applyAgeRestriction(tx, guildId);
    await enqueueFirstIndexPass(tx, guildId);
  }
  const unscanned = await findNeverScanned(tx, guildId, channelIds);
  const requests = unscanned.map((channelId) => ({ channelId, requestedBy: 'auto' as const }));
  await enqueueScans(tx, await onlyReadable(tx, guildId, botUserId, requests));
  await enqueueMissed(tx, channelIds === null ? { guildId } : { channelIds }, (missed) =>
    onlyReadable(tx, guildId, botUserId, missed),
  );
}

/**
 * Those whose channel’s history the bot can read. A run of any other would only be refused; when permissions change, it
 * is looked at anew. Where roles were not told, the run finds out.
 */
async function onlyReadable<Item extends { channelId: string }>(
  tx: Transaction,
  guildId: string,
  botUserId: string,
  items: Item[],
): Promise<Item[]> {
  if (items.length === 0) return items;
  const accesses = await readBotAccess(tx, guildId, botUserId);
  return items.filter(({ channelId }) => accesses === null || accesses.get(channelId)?.canReadHistory);
}
