import type { Channel, Guild } from '../../../src/http/contract.ts';
import { useChannel, useChannels } from '../channels/channel-queries.ts';
import { channelName } from '../display/format.ts';
import type { Scope } from '../videos/scope.ts';
import { useGuilds } from './guild-queries.ts';

export type Chosen = {
  guild: Guild | undefined;
  /** Or thread. */
  channel: Channel | undefined;
  /** What the address names and is not here; null as long as that is not known. */
  missing: 'guild' | 'channel' | null;
};

/** The guild and the channel that the address names. */
export function useChosen(scope: Scope): Chosen {
  const { data: guilds } = useGuilds();
  const guild = guilds?.find(({ id }) => id === scope.guild);
  const { data: channels } = useChannels(guild?.id);
  const listed = channels?.find(({ id }) => id === scope.channel);
  // What is not among the channels is a thread of one of them, or not here.
  const isUnlisted = scope.channel !== undefined && channels !== undefined && listed === undefined;
  const { data: thread } = useChannel(isUnlisted ? scope.channel : undefined);
  const isOfGuild = thread?.guildId === scope.guild;
  const isGuildMissing = scope.guild !== undefined && guilds !== undefined && guild === undefined;
  const isChannelMissing = isUnlisted && thread !== undefined && !isOfGuild;
  const channel = listed ?? (isOfGuild ? (thread ?? undefined) : undefined);
  return { guild, channel, missing: isGuildMissing ? 'guild' : isChannelMissing ? 'channel' : null };
}

/** "#sends", "Chalk & Wheels", or null for all guilds. */
export function chosenName({ guild, channel }: Chosen): string | null {
  return channel ? `#${channelName(channel.name)}` : (guild?.name ?? null);
}
