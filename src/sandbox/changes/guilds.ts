import type { APIRole } from 'discord-api-types/v10';
import type { SandboxState } from '../state.ts';
import { guildCreateView, guildView } from '../views/guild.ts';
import type { WorldGuild } from '../world.ts';
import { emitAlways, emitInGuild } from './emit.ts';
import { newMember, updateMember } from './members.ts';
import { createRole, updateRole } from './roles.ts';
import { leaveAllThreads } from './thread-members.ts';

/** A bot that was added with no permissions has no role of its own. */
const NOTHING = '0';

export function updateGuild(
  state: SandboxState,
  guild: WorldGuild,
  patch: Partial<Pick<WorldGuild, 'name' | 'icon' | 'ownerId'>>,
): void {
  Object.assign(guild, patch);
  emitInGuild(state, guild, { name: 'GUILD_UPDATE', data: guildView(guild) });
}

/** Lets the bot into a guild with a role of its own, or gives that role other permissions where it is already. */
export function addBot(state: SandboxState, guild: WorldGuild, permissions: string): void {
  state.events.emit('change', { op: 'add-bot', guildId: guild.id, permissions });
  if (guild.botJoined) grantToBot(state, guild, permissions);
  else letBotIn(state, guild, permissions);
}

function letBotIn(state: SandboxState, guild: WorldGuild, permissions: string): void {
  const member = newMember(state, state.world.bot, []);
  guild.members.set(member.user.id, member);
  if (permissions !== NOTHING) member.roles = [createOwnRole(state, guild, permissions).id];
  guild.botJoined = true;
  announceGuild(state, guild);
}

function grantToBot(state: SandboxState, guild: WorldGuild, permissions: string): void {
  const member = guild.members.get(state.world.bot.id);
  const role = ownRole(state, guild);
  if (role) updateRole(state, guild, role, { permissions });
  else if (member && permissions !== NOTHING) {
    const { id } = createOwnRole(state, guild, permissions);
    updateMember(state, guild, member, { roles: [...member.roles, id] });
  }
}

function createOwnRole(state: SandboxState, guild: WorldGuild, permissions: string): APIRole {
  const { bot } = state.world;
  return createRole(state, guild, {
    name: bot.username,
    permissions,
    managed: true,
    tags: { bot_id: bot.id },
  });
}

function ownRole({ world }: SandboxState, guild: WorldGuild): APIRole | undefined {
  return [...guild.roles.values()].find((role) => role.managed && role.tags?.bot_id === world.bot.id);
}

/** Removes the bot and its managed role. */
export function kickBot(state: SandboxState, guild: WorldGuild): void {
  if (!guild.botJoined) return;
  const { bot } = state.world;
  state.events.emit('change', { op: 'kick-bot', guildId: guild.id });
  guild.roles.delete(ownRole(state, guild)?.id ?? '');
  guild.members.delete(bot.id);
  leaveAllThreads(guild, bot.id);
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

function announceGuild(state: SandboxState, guild: WorldGuild): void {
  emitInGuild(state, guild, { name: 'GUILD_CREATE', data: guildCreateView(state, guild) });
}
