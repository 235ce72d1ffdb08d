import { listChannelAccess } from '../db/channel-access.ts';
import { findClosedReading, findNeverScanned } from '../db/channel-rules.ts';
import { setChannelsReading } from '../db/channels.ts';
import type { Transaction } from '../db/database.ts';
import { listGuildRoles } from '../db/guild-roles.ts';
import { getGuild } from '../db/guilds.ts';
import { breakLiveCoverage } from '../db/live-messages.ts';
import { getMemberRoles } from '../db/member-roles.ts';
import { cancelUnfinishedScanRuns } from '../db/move-scan-run.ts';
import { isThread } from '../discord/channel-types.ts';
import { canReadHistory } from '../discord/permissions.ts';
import { enqueueScan } from '../jobs/enqueue-scan.ts';

/**
 * Queues the first scan of every channel that `auto_scan` wants and whose history the bot can read. A channel that it
 * cannot read is asked about again when permissions change. Repeating it changes nothing.
 */
export async function enqueueFirstScans(tx: Transaction, guildId: string, botUserId: string): Promise<void> {
  const candidates = new Set(await findNeverScanned(tx, guildId));
  const guild = await getGuild(tx, guildId);
  const member = await getMemberRoles(tx, guildId, botUserId);
  if (candidates.size === 0 || !guild) return;
  const roles = (await listGuildRoles(tx, guildId)).map(({ id, permissions }) => ({
    id,
    permissions: String(permissions),
  }));
  const accesses = new Map((await listChannelAccess(tx, guildId)).map((one) => [one.channelId, one]));
  for (const channelId of candidates) {
    const access = accesses.get(channelId);
    const parent = accesses.get(access?.parentId ?? '');
    if (!access) continue;
    if (!member || !roles.some((role) => role.id === guildId)) {
      await enqueueScan(tx, { channelId, requestedBy: 'auto' }); // roles were not told: the run finds out
      continue;
    }
    const { canRead } = canReadHistory({
      guildId,
      ownerId: guild.ownerUserId,
      roles,
      member: { userId: botUserId, roleIds: member.roleIds },
      channel: { ...(access.type ? { type: access.type } : {}), overwrites: access.overwrites },
      // Discord tells a bot only of private threads that it is in or may manage.
      ...(parent && isThread(access.type ?? '') ? { parent } : {}),
    });
    if (canRead) await enqueueScan(tx, { channelId, requestedBy: 'auto' });
  }
}

/** Stops reading, and scanning, the channels that have become age-restricted where `scan_nsfw` is not set. */
export async function stopClosedChannels(tx: Transaction, guildId: string): Promise<void> {
  const closed = await findClosedReading(tx, guildId);
  if (closed.length === 0) return;
  await cancelUnfinishedScanRuns(
    tx,
    closed,
    'channel_age_restricted: the channel became age-restricted; set scan_nsfw to read it',
  );
  await setChannelsReading(tx, guildId, closed, false);
  await breakLiveCoverage(tx, guildId, closed);
}
