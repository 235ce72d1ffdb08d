import { type APIUser, GatewayIntentBits, type GuildMemberFlags } from 'discord-api-types/v10';
import type { SandboxState } from '../state.ts';
import { guildCreateView, guildView } from '../views/guild.ts';
import { memberView, userView } from '../views/user.ts';
import type { WorldGuild, WorldMember } from '../world.ts';
import { emitAlways, emitInGuild } from './emit.ts';
import { createRole } from './roles.ts';

export function updateGuild(
  state: SandboxState,
  guild: WorldGuild,
  patch: Partial<Pick<WorldGuild, 'name' | 'icon' | 'ownerId'>>,
): void {
  Object.assign(guild, patch);
  emitInGuild(state, guild, { name: 'GUILD_UPDATE', data: guildView(guild) });
}

/** Lets the bot into a guild, with a managed role of its own that carries the permissions that it was granted. */
export function addBot(state: SandboxState, guild: WorldGuild, permissions: string): void {
  if (guild.botJoined) return;
  const { bot } = state.world;
  const role = createRole(state, guild, {
    name: bot.username,
    permissions,
    managed: true,
    tags: { bot_id: bot.id },
  });
  guild.members.set(bot.id, newMember(state, bot, [role.id]));
  guild.botJoined = true;
  announceGuild(state, guild);
}

/** Removes the bot and its managed role. */
export function kickBot(state: SandboxState, guild: WorldGuild): void {
  if (!guild.botJoined) return;
  const { bot } = state.world;
  for (const role of guild.roles.values()) {
    if (role.managed && role.tags?.bot_id === bot.id) guild.roles.delete(role.id);
  }
  guild.members.delete(bot.id);
  guild.botJoined = false;
  emitAlways(state, guild, { name: 'GUILD_DELETE', data: { id: guild.id } });
}

/** An outage of the guild, or its end. The bot stays a member. */
export function setGuildAvailable(state: SandboxState, guild: WorldGuild, isAvailable: boolean): void {
  if (guild.isUnavailable !== isAvailable) return;
  guild.isUnavailable = !isAvailable;
  if (!guild.botJoined) return;
  if (isAvailable) announceGuild(state, guild);
  else emitAlways(state, guild, { name: 'GUILD_DELETE', data: { id: guild.id, unavailable: true } });
}

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
  emitInGuild(state, guild, {
    name: 'GUILD_MEMBER_REMOVE',
    intent: GatewayIntentBits.GuildMembers,
    data: { guild_id: guild.id, user: userView(user) },
  });
}

function announceGuild(state: SandboxState, guild: WorldGuild): void {
  emitInGuild(state, guild, { name: 'GUILD_CREATE', data: guildCreateView(state, guild) });
}

function newMember(state: SandboxState, user: APIUser, roles: string[]): WorldMember {
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
