import {
  type APIUser,
  GatewayIntentBits,
  type GuildMemberFlags,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { guildPermissions } from '../permissions.ts';
import type { SandboxState } from '../state.ts';
import { memberView, userView } from '../views/user.ts';
import type { WorldGuild, WorldMember } from '../world.ts';
import { emitInGuild } from './emit.ts';
import { leaveAllThreads } from './thread-members.ts';
import { withThreadSync } from './threads.ts';

const seesBans = PermissionFlagsBits.BanMembers | PermissionFlagsBits.ViewAuditLog;

export function addMember(state: SandboxState, guild: WorldGuild, user: APIUser, roles: string[]): void {
  const member = newMember(state, user, roles);
  guild.members.set(user.id, member);
  emitInGuild(state, guild, {
    name: 'GUILD_MEMBER_ADD',
    intent: GatewayIntentBits.GuildMembers,
    data: { guild_id: guild.id, ...memberView(member) },
  });
}

export function removeMember(state: SandboxState, guild: WorldGuild, user: APIUser): void {
  if (!guild.members.delete(user.id)) return;
  leaveAllThreads(guild, user.id);
  emitInGuild(state, guild, {
    name: 'GUILD_MEMBER_REMOVE',
    intent: GatewayIntentBits.GuildMembers,
    data: { guild_id: guild.id, user: userView(user) },
  });
}

/** Bans somebody, who need not be a member. */
export function banUser(state: SandboxState, guild: WorldGuild, user: APIUser): void {
  guild.bans ??= new Set();
  if (guild.bans.has(user.id)) return;
  guild.bans.add(user.id);
  emitBan(state, guild, 'GUILD_BAN_ADD', user);
  removeMember(state, guild, user);
}

export function liftBan(state: SandboxState, guild: WorldGuild, user: APIUser): void {
  if (guild.bans?.delete(user.id)) emitBan(state, guild, 'GUILD_BAN_REMOVE', user);
}

export function updateMember(
  state: SandboxState,
  guild: WorldGuild,
  member: WorldMember,
  patch: Partial<WorldMember>,
): void {
  withThreadSync(state, guild, () => {
    Object.assign(member, patch);
    emitMember(state, guild, member);
  });
}

/** Changes somebody's names, which all guilds of theirs are told. */
export function updateUser(
  state: SandboxState,
  user: APIUser,
  patch: Partial<Pick<APIUser, 'username' | 'global_name'>>,
): void {
  Object.assign(user, patch);
  for (const guild of state.world.guilds.values()) {
    const member = guild.members.get(user.id);
    if (member) emitMember(state, guild, member);
  }
}

export function newMember(state: SandboxState, user: APIUser, roles: string[]): WorldMember {
  return {
    user,
    roles,
    joined_at: new Date(state.now()).toISOString(),
    nick: null,
    mute: false,
    deaf: false,
    flags: 0 as GuildMemberFlags,
  };
}

/** The bot hears of itself whatever its intents are. */
function emitMember(state: SandboxState, guild: WorldGuild, member: WorldMember): void {
  emitInGuild(state, guild, {
    name: 'GUILD_MEMBER_UPDATE',
    intent: member.user.id === state.world.bot.id ? 0 : GatewayIntentBits.GuildMembers,
    data: { guild_id: guild.id, ...memberView(member) },
  });
}

/** Only bots that may ban or see the audit log hear of bans. */
function emitBan(state: SandboxState, guild: WorldGuild, name: string, user: APIUser): void {
  if ((guildPermissions(guild, state.world.bot.id) & seesBans) === 0n) return;
  emitInGuild(state, guild, {
    name,
    intent: GatewayIntentBits.GuildModeration,
    data: { guild_id: guild.id, user: userView(user) },
  });
}
