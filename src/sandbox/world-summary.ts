import { AttachmentFlags } from 'discord-api-types/v10';
import { attachmentsOf } from './attachment-index.ts';
import { holdsMessages, isAgeRestricted, isArchived, isThread } from './channels.ts';
import { canReadHistory } from './permissions.ts';
import type { World, WorldChannel, WorldGuild, WorldMessage } from './world.ts';

/** Counts over a world, as tests and documents name them. */
export type WorldSummary = {
  guilds: number;
  guildsWithBot: number;
  /** Without threads. */
  channels: number;
  channelsByType: Record<string, number>;
  activeThreads: number;
  archivedThreads: number;
  people: number;
  messages: number;
  longestChannel: number;
  /** Video files, forwarded copies included, moving thumbnails not. */
  videos: number;
  videosByExtension: Record<string, number>;
  forwardedVideos: number;
  spoilerVideos: number;
  gameClips: number;
  movingThumbnails: number;
  videoEmbeds: number;
  otherFiles: number;
  /** What Clipdex can find: in its guilds, where it may read the history. */
  readable: { channels: number; messages: number; videos: number };
  /** As `readable`, age-restricted channels left out, as they are unless a guild's settings say otherwise. */
  readableForAll: { channels: number; messages: number; videos: number };
};

export function worldSummary(world: World): WorldSummary {
  const placed = [...world.guilds.values()].flatMap((guild) =>
    [...guild.channels.values()].map((entry) => ({ guild, entry })),
  );
  const entries = placed.map(({ entry }) => entry);
  const threads = entries.filter(({ channel }) => isThread(channel));
  const messages = entries.flatMap((entry) => entry.messages);
  const files = messages.flatMap(attachmentsOf);
  const videos = messages.flatMap(videosOf);
  const hasFlag = (flag: AttachmentFlags) => files.filter((file) => ((file.flags ?? 0) & flag) !== 0).length;
  const readable = placed.filter(({ guild, entry }) => isReadable(world, guild, entry));
  return {
    guilds: world.guilds.size,
    guildsWithBot: [...world.guilds.values()].filter((guild) => guild.botJoined).length,
    channels: entries.length - threads.length,
    channelsByType: countBy(entries, ({ channel }) => typeNames[channel.type]),
    activeThreads: threads.filter(({ channel }) => !isArchived(channel)).length,
    archivedThreads: threads.filter(({ channel }) => isArchived(channel)).length,
    people: [...world.users.values()].filter((user) => !user.bot).length,
    messages: messages.length,
    longestChannel: Math.max(...entries.map((entry) => entry.messages.length)),
    videos: videos.length,
    videosByExtension: countBy(videos, ({ filename }) => filename.split('.').at(-1)?.toLowerCase() ?? ''),
    forwardedVideos: messages.filter((message) => message.message_snapshots).flatMap(videosOf).length,
    spoilerVideos: videos.filter((file) => ((file.flags ?? 0) & AttachmentFlags.IsSpoiler) !== 0).length,
    gameClips: hasFlag(AttachmentFlags.IsClip),
    movingThumbnails: hasFlag(AttachmentFlags.IsThumbnail),
    videoEmbeds: messages.flatMap((message) => message.embeds).filter((embed) => embed.video).length,
    otherFiles: files.filter((file) => file.clip === undefined).length,
    readable: countsOf(readable.map(({ entry }) => entry)),
    readableForAll: countsOf(
      readable.filter(({ guild, entry }) => !isAgeRestricted(guild, entry.channel)).map(({ entry }) => entry),
    ),
  };
}

/** The video files of a message and of what it forwards. */
export function videosOf(message: WorldMessage) {
  return attachmentsOf(message).filter(
    ({ clip, flags }) => clip !== undefined && ((flags ?? 0) & AttachmentFlags.IsThumbnail) === 0,
  );
}

const typeNames: Record<number, string> = {
  0: 'text',
  2: 'voice',
  4: 'category',
  5: 'announcement',
  10: 'announcement_thread',
  11: 'public_thread',
  12: 'private_thread',
  13: 'stage',
  15: 'forum',
  16: 'media',
};

function isReadable(world: World, guild: WorldGuild, { channel }: WorldChannel): boolean {
  return guild.botJoined && holdsMessages(channel) && canReadHistory(guild, channel, world.bot.id);
}

function countsOf(entries: readonly WorldChannel[]) {
  const messages = entries.flatMap((entry) => entry.messages);
  return { channels: entries.length, messages: messages.length, videos: messages.flatMap(videosOf).length };
}

function countBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const key = keyOf(item) ?? '';
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
