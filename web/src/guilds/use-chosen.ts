import type { Channel, Guild } from '../../../src/http/contract.ts';
import { channelName } from '../display/format.ts';
import type { Scope } from '../videos/scope.ts';
import { useChannels, useGuilds } from './guild-queries.ts';

export type Chosen = {
  guild: Guild | undefined;
  channel: Channel | undefined;
  /** What the address names and is not here; null as long as that is not known. */
  missing: 'guild' | 'channel' | null;
};

/** The guild and the channel that the address names. */
export function useChosen(scope: Scope): Chosen {
  const { data: guilds } = useGuilds();
  const guild = guilds?.find(({ id }) => id === scope.guild);
  const { data: channels } = useChannels(guild?.id);
  const channel = channels?.find(({ id }) => id === scope.channel);
  const isGuildMissing = scope.guild !== undefined && guilds !== undefined && guild === undefined;
  const isChannelMissing = scope.channel !== undefined && channels !== undefined && channel === undefined;
  return { guild, channel, missing: isGuildMissing ? 'guild' : isChannelMissing ? 'channel' : null };
}

/** "#sends", "Chalk & Wheels", or null for all guilds. */
export function chosenName({ guild, channel }: Chosen): string | null {
  return channel ? `#${channelName(channel.name)}` : (guild?.name ?? null);
}
