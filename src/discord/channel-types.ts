import { ChannelType as DiscordChannelType } from 'discord-api-types/v10';

/** Our names of Discord's channel types, as `bot_channels.type` keeps them. */
const channelTypeNames = {
  [DiscordChannelType.GuildText]: 'text',
  [DiscordChannelType.GuildVoice]: 'voice',
  [DiscordChannelType.GuildCategory]: 'category',
  [DiscordChannelType.GuildAnnouncement]: 'announcement',
  [DiscordChannelType.AnnouncementThread]: 'announcement_thread',
  [DiscordChannelType.PublicThread]: 'public_thread',
  [DiscordChannelType.PrivateThread]: 'private_thread',
  [DiscordChannelType.GuildStageVoice]: 'stage',
  [DiscordChannelType.GuildForum]: 'forum',
  [DiscordChannelType.GuildMedia]: 'media',
} as const;

type NamedChannelType = (typeof channelTypeNames)[keyof typeof channelTypeNames];

/** `unknown_<n>`: what is no channel of a guild that we know, direct messages and Discord's next inventions. */
export type ChannelType = NamedChannelType | `unknown_${number}`;

const threads = new Set<string>(['announcement_thread', 'public_thread', 'private_thread']);
const messageHolders = new Set<string>(['text', 'voice', 'announcement', 'stage', ...threads]);
const threadHolders = new Set<string>(['text', 'announcement', 'forum', 'media']);

export function channelTypeOf(discordType: number): ChannelType {
  return (channelTypeNames as Record<number, NamedChannelType>)[discordType] ?? `unknown_${discordType}`;
}

/** Whether messages are posted into the channel itself. Forums and media channels hold only threads. */
export function holdsMessages(type: string): boolean {
  return messageHolders.has(type);
}

export function isThread(type: string): boolean {
  return threads.has(type);
}

export function holdsThreads(type: string): boolean {
  return threadHolders.has(type);
}

/** The chat of these needs CONNECT besides VIEW_CHANNEL. */
export function isVoice(type: string): boolean {
  return type === 'voice' || type === 'stage';
}
