import { findClosedReading, noteAwaitingOpening, takeOpened } from '../db/age-restriction.ts';
import { setChannelsReading } from '../db/channels.ts';
import type { Transaction } from '../db/database.ts';
import { breakLiveCoverage } from '../db/live-coverage.ts';
import { cancelUnfinishedScanRuns } from '../db/move-scan-run.ts';
import { reasonMessage } from '../db/scan-run-reasons.ts';
import { resumeReading } from './resume-reading.ts';

/**
 * Brings the reading of a guild's channels in line with age restriction and `scan_nsfw`, after either has changed.
 * Channels that have become closed stop; those that were stopped so, and by nobody since, are read again. Repeating it
 * changes nothing.
 */
export async function applyAgeRestriction(tx: Transaction, guildId: string): Promise<void> {
  await stopClosed(tx, guildId);
  await resumeOpened(tx, guildId);
}

async function stopClosed(tx: Transaction, guildId: string): Promise<void> {
  const closed = await findClosedReading(tx, guildId);
  if (closed.length === 0) return;
  await cancelUnfinishedScanRuns(tx, closed, reasonMessage('channel_age_restricted'));
  await setChannelsReading(tx, guildId, closed, false, 'rule');
  await noteAwaitingOpening(tx, closed);
  await breakLiveCoverage(tx, guildId, closed);
}

async function resumeOpened(tx: Transaction, guildId: string): Promise<void> {
  const opened = await takeOpened(tx, guildId);
  if (opened.length === 0) return;
  await setChannelsReading(tx, guildId, opened, true, 'rule');
  await resumeReading(tx, guildId, opened);
}
