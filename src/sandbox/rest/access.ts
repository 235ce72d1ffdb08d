import { findChannel, holdsMessages, type PlacedChannel } from '../channels.ts';
import * as refusal from '../http/api-error.ts';
import { type ApiRequest, pathId } from '../http/request.ts';
import { canOpenChat, canReadHistory, canView, channelPermissions, hasPermission } from '../permissions.ts';
import type { SandboxState } from '../state.ts';
import type { WorldGuild } from '../world.ts';

/** The guild of the path. @throws ApiError unless the bot is in it and it is up. */
export function reachGuild(state: SandboxState, request: ApiRequest): WorldGuild {
  const guild = state.world.guilds.get(pathId(request, 'guild'));
  if (!guild?.botJoined) throw refusal.unknownGuild();
  if (guild.isUnavailable) throw refusal.guildUnavailable();
  return guild;
}

/** The channel of the path. @throws ApiError unless the bot may view it. */
export function reachChannel(state: SandboxState, request: ApiRequest): PlacedChannel {
  return viewableChannel(state, pathId(request, 'channel'));
}

export function viewableChannel(state: SandboxState, channelId: string): PlacedChannel {
  const placed = findChannel(state.world, channelId);
  if (!placed) throw refusal.unknownChannel();
  if (!placed.guild.botJoined) throw refusal.missingAccess();
  if (placed.guild.isUnavailable) throw refusal.guildUnavailable();
  if (!canView(placed.guild, placed.entry.channel, state.world.bot.id)) throw refusal.missingAccess();
  return placed;
}

/** A channel whose messages may be asked for; whether their history may be read is another question. */
export function reachChat(state: SandboxState, request: ApiRequest): PlacedChannel {
  const placed = reachChannel(state, request);
  if (!holdsMessages(placed.entry.channel)) throw refusal.wrongChannelType();
  if (!canOpenChat(placed.guild, placed.entry.channel, state.world.bot.id)) throw refusal.missingAccess();
  return placed;
}

export function botMayReadHistory(state: SandboxState, { guild, entry }: PlacedChannel): boolean {
  return canReadHistory(guild, entry.channel, state.world.bot.id);
}

export function requirePermission(state: SandboxState, { guild, entry }: PlacedChannel, bit: bigint): void {
  if (!hasPermission(channelPermissions(guild, entry.channel, state.world.bot.id), bit)) {
    throw refusal.missingPermissions();
  }
}
