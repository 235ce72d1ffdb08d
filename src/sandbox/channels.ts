import type { APIOverwrite, APIThreadChannel, ThreadChannelType } from 'discord-api-types/v10';
import { ChannelType } from 'discord-api-types/v10';
import type { World, WorldChannel, WorldGuild } from './world.ts';

export type Channel = WorldChannel['channel'];
export type Thread = APIThreadChannel & { type: ThreadChannelType };

/** A channel with the guild that it lies in. */
export type PlacedChannel = { guild: WorldGuild; entry: WorldChannel };

const threadTypes: ReadonlySet<number> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);
const messageTypes: ReadonlySet<number> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildVoice,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildStageVoice,
  ...threadTypes,
]);

export function findChannel(world: World, channelId: string): PlacedChannel | undefined {
  for (const guild of world.guilds.values()) {
    const entry = guild.channels.get(channelId);
    if (entry) return { guild, entry };
  }
  return undefined;
}

export function isThread(channel: Channel): channel is Thread {
  return threadTypes.has(channel.type);
}

export function isArchived(channel: Channel): boolean {
  return isThread(channel) && channel.thread_metadata?.archived === true;
}

/** Forums, media channels and categories hold no messages of their own. */
export function holdsMessages(channel: Channel): boolean {
  return messageTypes.has(channel.type);
}

export function isVoice(channel: Channel): boolean {
  return channel.type === ChannelType.GuildVoice || channel.type === ChannelType.GuildStageVoice;
}

export function parentIdOf(channel: Channel): string | null {
  return ('parent_id' in channel && channel.parent_id) || null;
}

export function overwritesOf(channel: Channel): APIOverwrite[] {
  return ('permission_overwrites' in channel && channel.permission_overwrites) || [];
}

/** Age-restricted itself, or a thread of a channel that is. */
export function isAgeRestricted(guild: WorldGuild, channel: Channel): boolean {
  if ('nsfw' in channel && channel.nsfw === true) return true;
  const parent = isThread(channel) ? guild.channels.get(parentIdOf(channel) ?? '') : undefined;
  return parent !== undefined && 'nsfw' in parent.channel && parent.channel.nsfw === true;
}

export function threadsOf(guild: WorldGuild, parentId: string): WorldChannel[] {
  return [...guild.channels.values()].filter(
    ({ channel }) => isThread(channel) && parentIdOf(channel) === parentId,
  );
}
