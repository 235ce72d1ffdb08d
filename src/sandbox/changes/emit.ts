import { GatewayIntentBits } from 'discord-api-types/v10';
import type { PlacedChannel } from '../channels.ts';
import { canView } from '../permissions.ts';
import type { SandboxState, WorldEvent } from '../state.ts';
import type { WorldGuild } from '../world.ts';

type Dispatch = Pick<WorldEvent, 'name'> & { intent?: number; data: unknown };

/** Dispatches what concerns a guild, if the bot is in it and it is not in an outage. */
export function emitInGuild(state: SandboxState, guild: WorldGuild, dispatch: Dispatch): void {
  if (!guild.botJoined || guild.isUnavailable) return;
  emitAlways(state, guild, dispatch);
}

/** Dispatches what happens inside a channel, if the bot may view it. */
export function emitInChannel(
  state: SandboxState,
  { guild, entry }: PlacedChannel,
  dispatch: Omit<WorldEvent, 'guildId'>,
): void {
  if (!guild.botJoined || guild.isUnavailable) return;
  if (!canView(guild, entry.channel, state.world.bot.id)) return;
  state.events.emit('dispatch', { ...dispatch, guildId: guild.id });
}

/** Dispatches whatever the bot's standing in the guild: its coming, going and outages. */
export function emitAlways(state: SandboxState, guild: WorldGuild, dispatch: Dispatch): void {
  const { name, data, intent = GatewayIntentBits.Guilds } = dispatch;
  state.events.emit('dispatch', { name, guildId: guild.id, intent, data: () => data });
}
