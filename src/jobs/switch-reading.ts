import { setChannelsReading } from '../db/channels.ts';
import type { Transaction } from '../db/database.ts';
import { breakLiveCoverage } from '../db/live-coverage.ts';
import { cancelUnfinishedScanRuns, lockUnfinishedScanRuns } from '../db/move-scan-run.ts';
import { endSetup } from '../db/pending-setups.ts';
import { reasonMessage } from '../db/scan-run-reasons.ts';
import { resumeReading } from './resume-reading.ts';

/** What a switch came to: channels, threads that went along among them, and the runs that it ended and queued. */
export type ReadingSwitch = { switchedIds: string[]; canceledRunIds: string[]; queuedRunIds: string[] };

/**
 * Switches live ingest and scans of channels of one guild, as somebody asks for it. Off: unfinished runs end, and
 * nothing more of the channels is written once this has committed. On: what was posted meanwhile is queued, and the guild
 * is set up. Channels that are switched so already stay as they are.
 */
export async function switchReading(
  tx: Transaction,
  guildId: string,
  channelIds: readonly string[],
  isReading: boolean,
): Promise<ReadingSwitch> {
  if (!isReading) await lockUnfinishedScanRuns(tx, channelIds);
  const switchedIds = await setChannelsReading(tx, guildId, channelIds, isReading);
  if (isReading) {
    await endSetup(tx, guildId);
    const queuedRunIds = await resumeReading(tx, guildId, switchedIds);
    return { switchedIds, canceledRunIds: [], queuedRunIds };
  }
  const why = reasonMessage('channel_not_reading');
  const canceledRunIds = await cancelUnfinishedScanRuns(tx, switchedIds, why);
  await breakLiveCoverage(tx, guildId, switchedIds);
  return { switchedIds, canceledRunIds, queuedRunIds: [] };
}
