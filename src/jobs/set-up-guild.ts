import { mergeChannelSettings } from '../db/channel-settings.ts';
import { setChannelsReading } from '../db/channels.ts';
import type { Transaction } from '../db/database.ts';
import { endSetup } from '../db/pending-setups.ts';
import { resumeReading } from './resume-reading.ts';
import { scanGuild } from './scan-guild.ts';

/**
 * The first set-up of a guild: the chosen channels are read from now on. `isScanned`: their history too; otherwise their
 * own setting says from now on that nobody has asked for it. Channels that come later follow the settings of the guild.
 * Answers the runs that were queued because a person asks. Doing it twice changes nothing more.
 */
export async function setUpGuild(
  tx: Transaction,
  guildId: string,
  { channelIds, isScanned }: { channelIds: readonly string[]; isScanned: boolean },
): Promise<string[]> {
  await endSetup(tx, guildId);
  if (!isScanned) {
    for (const channelId of channelIds) await mergeChannelSettings(tx, channelId, { auto_scan: false });
  }
  const switchedIds = await setChannelsReading(tx, guildId, channelIds, true);
  const runIds = isScanned ? await scanGuild(tx, guildId) : [];
  await resumeReading(tx, guildId, switchedIds);
  return runIds;
}
