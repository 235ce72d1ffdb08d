import { findNeverScanned } from '../db/channel-rules.ts';
import type { Transaction } from '../db/database.ts';
import { applyAgeRestriction } from '../jobs/age-restriction.ts';
import { enqueueFirstIndexPass } from '../jobs/enqueue-index-pass.ts';
import { enqueueMissed, enqueueScans } from '../jobs/enqueue-scan.ts';
import { readBotAccess } from './bot-access.ts';

/**
 * What the new state of a guild, or of some of its channels, calls for: runs to stop, reading to begin again, first
 * scans, and stretches that were missed. A few statements, however many channels there are.
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
  await enqueueFirstScans(tx, guildId, botUserId, channelIds);
  await enqueueMissed(tx, channelIds === null ? { guildId } : { channelIds });
}

/**
 * Queues the first scan of every channel that `auto_scan` wants and whose history the bot can read. A channel that it
 * cannot read is asked about again when permissions change. Repeating it changes nothing.
 */
async function enqueueFirstScans(
  tx: Transaction,
  guildId: string,
  botUserId: string,
  channelIds: readonly string[] | null,
): Promise<void> {
  const candidates = await findNeverScanned(tx, guildId, channelIds);
  if (candidates.length === 0) return;
  const accesses = await readBotAccess(tx, guildId, botUserId);
  const requests = candidates
    .filter((channelId) => accesses === null || accesses.get(channelId)?.canReadHistory) // not known: the run finds out
    .map((channelId) => ({ channelId, requestedBy: 'auto' as const }));
  await enqueueScans(tx, requests);
}
