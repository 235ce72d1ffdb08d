import type {
  GatewayGuildMemberAddDispatchData,
  GatewayGuildMemberRemoveDispatchData,
  GatewayGuildMemberUpdateDispatchData,
  GatewayThreadMembersUpdateDispatchData,
} from 'discord-api-types/v10';
import type { Transaction } from '../db/database.ts';
import { forgetMember, noteMember } from '../db/member-roles.ts';
import { noteThreadMembers } from '../db/thread-members.ts';
import { forgetGuildList } from '../db/viewer-guilds.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import { readList, readRecord, readTime } from '../library/wire-values.ts';
import { onBotUpdate, type ShardIdentity } from './guild-events.ts';

/*
 * Who is a member, and of what: with the privileged intent GUILD_MEMBERS Discord tells of everybody, without it only of the
 * bot. Of others only those are noted who use the page; what they see changes at once, instead of within minutes.
 */

export async function onMemberUpdate(
  tx: Transaction,
  data: GatewayGuildMemberUpdateDispatchData,
  shard: ShardIdentity,
): Promise<void> {
  const userId = readUserId(data);
  if (userId === shard.botUserId) await onBotUpdate(tx, data, shard);
  else if (userId !== null) await noteMember(tx, userId, readMember(data));
}

/** Whoever comes into a guild finds it on the page with the next request, which reads their list of guilds anew. */
export async function onMemberAdd(tx: Transaction, data: GatewayGuildMemberAddDispatchData): Promise<void> {
  const userId = readUserId(data);
  if (userId === null) return;
  await noteMember(tx, userId, readMember(data));
  await forgetGuildList(tx, userId);
}

/** That the bot left, Discord tells as an event of the guild. */
export async function onMemberRemove(
  tx: Transaction,
  data: GatewayGuildMemberRemoveDispatchData,
  { botUserId }: ShardIdentity,
): Promise<void> {
  const userId = readUserId(data);
  if (userId === null || userId === botUserId) return;
  await forgetMember(tx, userId, [{ guildId: data.guild_id, askedAt: null }]);
}

export async function onThreadMembersUpdate(
  tx: Transaction,
  data: GatewayThreadMembersUpdateDispatchData,
): Promise<void> {
  const left = readIds(data.removed_member_ids);
  const added = readList(data.added_members).map((member) => readRecord(member).user_id);
  await noteThreadMembers(tx, data.id, { joined: readIds(added).filter((id) => !left.includes(id)), left });
}

function readUserId({ user }: { user: unknown }): string | null {
  const { id } = readRecord(user);
  return isSnowflake(id) ? id : null;
}

function readMember(data: GatewayGuildMemberUpdateDispatchData | GatewayGuildMemberAddDispatchData) {
  const { guild_id: guildId, roles, communication_disabled_until: until } = data;
  const time = readTime(until);
  const told = time === null ? undefined : new Date(time);
  return { guildId, roleIds: readIds(roles), timedOutUntil: until === null ? null : told };
}

function readIds(ids: unknown): string[] {
  return [...new Set(readList(ids).filter(isSnowflake))];
}
