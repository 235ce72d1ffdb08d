import type {
  GatewayGuildCreateDispatchData,
  GatewayGuildDeleteDispatchData,
  GatewayGuildMemberUpdateDispatchData,
  GatewayGuildRoleModifyDispatchData,
  GatewayGuildUpdateDispatchData,
  GatewayReadyDispatchData,
} from 'discord-api-types/v10';
import { startReadingNew } from '../db/channel-rules.ts';
import type { ChannelType } from '../db/channel-types.ts';
import { listChannels } from '../db/channels.ts';
import { deleteChannelsNotIn, upsertChannels } from '../db/channels-sync.ts';
import type { Transaction } from '../db/database.ts';
import { clearGuildDeparture, markGuildDeparted } from '../db/guild-departures.ts';
import { deleteGuildRole, replaceGuildRoles, upsertGuildRole } from '../db/guild-roles.ts';
import { ensureGuildSettings } from '../db/guild-settings.ts';
import { listGuilds, upsertGuild } from '../db/guilds.ts';
import { breakLiveCoverage } from '../db/live-messages.ts';
import { upsertMemberRoles } from '../db/member-roles.ts';
import { cancelUnfinishedScanRuns } from '../db/move-scan-run.ts';
import { enqueueMissed } from '../jobs/enqueue-scan.ts';
import { enqueueFirstScans, stopClosedChannels } from './auto-scan.ts';
import { readChannels, readJoinedAt, readRoles } from './payloads.ts';

/** The types that GUILD_CREATE lists in full; of threads it lists only those that are active. */
const listedTypes: readonly ChannelType[] = [
  'text',
  'voice',
  'category',
  'announcement',
  'stage',
  'forum',
  'media',
];

/** Which guilds a shard is told of: `(guild_id >> 22) % count`. */
export type ShardIdentity = { shardId: number; shardCount: number; botUserId: string };

/** READY names all guilds of the shard: those that we know and that are not named were left while we were away. */
export async function onReady(
  tx: Transaction,
  data: GatewayReadyDispatchData,
  shard: ShardIdentity,
): Promise<void> {
  if (!Array.isArray(data.guilds)) return;
  const present = new Set(data.guilds.map((guild) => guild.id));
  for (const guild of await listGuilds(tx)) {
    const isOurs = (BigInt(guild.id) >> 22n) % BigInt(shard.shardCount) === BigInt(shard.shardId);
    if (isOurs && !present.has(guild.id)) await departFrom(tx, guild.id);
  }
}

/** A guild as it is now: when we start, when an outage ends, when we join. */
export async function onGuildCreate(
  tx: Transaction,
  data: GatewayGuildCreateDispatchData,
  { botUserId }: ShardIdentity,
): Promise<void> {
  if (data.unavailable) return;
  const guildId = data.id;
  await upsertGuild(tx, {
    id: guildId,
    name: data.name ?? '',
    icon: data.icon ?? null,
    ownerUserId: data.owner_id ?? null,
    ...readJoinedAt(data.joined_at),
  });
  await clearGuildDeparture(tx, guildId);
  await ensureGuildSettings(tx, guildId);
  const roles = readRoles(data.roles);
  if (roles.length > 0) await replaceGuildRoles(tx, guildId, roles);
  const self = data.members?.find((member) => member.user?.id === botUserId);
  if (self) await upsertMemberRoles(tx, guildId, botUserId, self.roles ?? []);
  const channels = readChannels(data.channels);
  const added = await upsertChannels(tx, guildId, [...channels, ...readChannels(data.threads)]);
  const listed = channels.map((channel) => channel.id);
  // No guild is without channels: an empty list says that it was not told, not that all were deleted.
  if (listed.length > 0) await deleteChannelsNotIn(tx, guildId, listed, listedTypes);
  await startReadingNew(tx, added);
  await breakLiveCoverage(tx, guildId);
  await followUp(tx, guildId, botUserId);
}

export async function onGuildUpdate(
  tx: Transaction,
  data: GatewayGuildUpdateDispatchData,
  { botUserId }: ShardIdentity,
): Promise<void> {
  await upsertGuild(tx, {
    id: data.id,
    name: data.name ?? '',
    icon: data.icon ?? null,
    ownerUserId: data.owner_id ?? null,
  });
  const roles = readRoles(data.roles);
  if (roles.length > 0) await replaceGuildRoles(tx, data.id, roles);
  await onPermissionsChanged(tx, data.id, botUserId);
}

/** An outage (`unavailable`) is not a departure: nothing is lost but the thread of live messages. */
export async function onGuildDelete(tx: Transaction, data: GatewayGuildDeleteDispatchData): Promise<void> {
  if (data.unavailable) await breakLiveCoverage(tx, data.id);
  else await departFrom(tx, data.id);
}

export async function onRoleChange(
  tx: Transaction,
  data: GatewayGuildRoleModifyDispatchData,
  { botUserId }: ShardIdentity,
): Promise<void> {
  for (const role of readRoles([data.role])) await upsertGuildRole(tx, data.guild_id, role);
  await onPermissionsChanged(tx, data.guild_id, botUserId);
}

export async function onRoleDelete(
  tx: Transaction,
  data: { guild_id: string; role_id: string },
  { botUserId }: ShardIdentity,
): Promise<void> {
  await deleteGuildRole(tx, data.guild_id, data.role_id);
  await onPermissionsChanged(tx, data.guild_id, botUserId);
}

export async function onMemberUpdate(
  tx: Transaction,
  data: GatewayGuildMemberUpdateDispatchData,
  { botUserId }: ShardIdentity,
): Promise<void> {
  if (data.user.id !== botUserId) return;
  await upsertMemberRoles(tx, data.guild_id, botUserId, data.roles);
  await onPermissionsChanged(tx, data.guild_id, botUserId);
}

/**
 * Messages may have passed unseen while a channel was closed to the bot, and channels may have opened to it.
 * Which ones is not worked out: a new beginning costs at most one request per active channel.
 */
export async function onPermissionsChanged(
  tx: Transaction,
  guildId: string,
  botUserId: string,
): Promise<void> {
  await breakLiveCoverage(tx, guildId);
  await followUp(tx, guildId, botUserId);
}

/** What the new state of a guild calls for: runs to stop, first scans, and stretches that were missed. */
export async function followUp(tx: Transaction, guildId: string, botUserId: string): Promise<void> {
  await stopClosedChannels(tx, guildId);
  await enqueueFirstScans(tx, guildId, botUserId);
  await enqueueMissed(tx, { guildId });
}

async function departFrom(tx: Transaction, guildId: string): Promise<void> {
  if (!(await markGuildDeparted(tx, guildId))) return;
  const channelIds = (await listChannels(tx, guildId)).map((channel) => channel.id);
  await cancelUnfinishedScanRuns(
    tx,
    channelIds,
    'missing_access: the bot was removed from the guild; invite it again to go on',
  );
  await breakLiveCoverage(tx, guildId);
}
