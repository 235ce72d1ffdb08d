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
import { getGuild, listGuilds, upsertGuild } from '../db/guilds.ts';
import { breakLiveCoverage } from '../db/live-coverage.ts';
import { upsertMemberRoles } from '../db/member-roles.ts';
import { cancelIndexPasses } from '../db/move-index-pass.ts';
import { cancelUnfinishedScanRuns } from '../db/move-scan-run.ts';
import { awaitSetup } from '../db/pending-setups.ts';
import { noteUnseenThreads } from '../db/thread-lists.ts';
import { enqueueThreadLists } from '../jobs/enqueue-thread-lists.ts';
import { readChannels } from '../library/read-channels.ts';
import { followUp } from './auto-scan.ts';
import { changeBotAccess } from './bot-access.ts';
import { readGuild, readJoinedAt, readRoles } from './payloads.ts';

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
export type ShardIdentity = {
  shardId: number;
  shardCount: number;
  botUserId: string;
  /** Guilds that the bot joined before (ms since 1970) are read at once when they are new to us; others await a set-up. */
  readsJoinedBefore: number;
};

const LONG_AFTER = Number.MAX_VALUE; // of a time that was not told: nobody has asked for anything before

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
  { botUserId, readsJoinedBefore }: ShardIdentity,
): Promise<void> {
  if (data.unavailable) return;
  const guildId = data.id;
  const isNew = (await getGuild(tx, guildId, { includeDeparted: true })) === null;
  const joined = readJoinedAt(data.joined_at);
  await upsertGuild(tx, { ...readGuild(data), ...joined });
  const joinedMs = joined?.joinedAt.getTime() ?? LONG_AFTER;
  if (isNew && joinedMs >= readsJoinedBefore) await awaitSetup(tx, guildId);
  await clearGuildDeparture(tx, guildId);
  await ensureGuildSettings(tx, guildId);
  const roles = readRoles(data.roles);
  if (roles.length > 0) await replaceGuildRoles(tx, guildId, roles);
  const self = data.members?.find((member) => member.user?.id === botUserId);
  if (self) await upsertMemberRoles(tx, guildId, botUserId, self.roles ?? []);
  const channels = readChannels(data.channels);
  const threads = readChannels(data.threads);
  const added = await upsertChannels(tx, guildId, [...channels, ...threads]);
  const listed = channels.map((channel) => channel.id);
  // No guild is without channels: an empty list says that it was not told, not that all were deleted.
  if (listed.length > 0) await deleteChannelsNotIn(tx, guildId, listed, listedTypes);
  await startReadingNew(tx, added);
  const activeIds = threads.map((thread) => thread.id);
  await noteUnseenThreads(tx, guildId, activeIds);
  await breakLiveCoverage(tx, guildId);
  await followUp(tx, guildId, botUserId);
  await enqueueThreadLists(tx, guildId);
}

export async function onGuildUpdate(
  tx: Transaction,
  data: GatewayGuildUpdateDispatchData,
  shard: ShardIdentity,
): Promise<void> {
  await changePermissions(tx, data.id, shard, async () => {
    await upsertGuild(tx, readGuild(data));
    const roles = readRoles(data.roles);
    if (roles.length > 0) await replaceGuildRoles(tx, data.id, roles);
  });
}

/** An outage (`unavailable`) is not a departure: nothing is lost but the thread of live messages. */
export async function onGuildDelete(tx: Transaction, data: GatewayGuildDeleteDispatchData): Promise<void> {
  if (data.unavailable) await breakLiveCoverage(tx, data.id);
  else await departFrom(tx, data.id);
}

export async function onRoleChange(
  tx: Transaction,
  data: GatewayGuildRoleModifyDispatchData,
  shard: ShardIdentity,
): Promise<void> {
  await changePermissions(tx, data.guild_id, shard, async () => {
    for (const role of readRoles([data.role])) await upsertGuildRole(tx, data.guild_id, role);
  });
}

export async function onRoleDelete(
  tx: Transaction,
  data: { guild_id: string; role_id: string },
  shard: ShardIdentity,
): Promise<void> {
  await changePermissions(tx, data.guild_id, shard, () => deleteGuildRole(tx, data.guild_id, data.role_id));
}

/** The bot has got other roles. */
export async function onBotUpdate(
  tx: Transaction,
  data: Pick<GatewayGuildMemberUpdateDispatchData, 'guild_id' | 'roles'>,
  shard: ShardIdentity,
): Promise<void> {
  await changePermissions(tx, data.guild_id, shard, () =>
    upsertMemberRoles(tx, data.guild_id, shard.botUserId, data.roles),
  );
}

/** A change of what the bot may see: channels may have closed or opened to it. */
async function changePermissions(
  tx: Transaction,
  guildId: string,
  { botUserId }: ShardIdentity,
  change: () => Promise<void>,
): Promise<void> {
  await changeBotAccess(tx, { guildId, botUserId }, change);
  await followUp(tx, guildId, botUserId);
  await enqueueThreadLists(tx, guildId);
}

async function departFrom(tx: Transaction, guildId: string): Promise<void> {
  if (!(await markGuildDeparted(tx, guildId))) return;
  const channelIds = (await listChannels(tx, guildId)).map((channel) => channel.id);
  await cancelUnfinishedScanRuns(
    tx,
    channelIds,
    'missing_access: the bot was removed from the guild; invite it again to go on',
  );
  await cancelIndexPasses(tx, guildId, 'guild_gone');
  await breakLiveCoverage(tx, guildId);
}
