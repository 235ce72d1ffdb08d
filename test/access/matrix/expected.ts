import { ChannelType } from 'discord-api-types/v10';
import { holdsMessages, isAgeRestricted, isThread, parentIdOf } from '../../../src/sandbox/channels.ts';
import type { WorldGuild } from '../../../src/sandbox/world.ts';
import type { Place } from './oracle.ts';
import type { Stage } from './stage.ts';
import type { Viewer } from './viewers.ts';
import type { WorldVideo } from './world-builder.ts';

/** Fields that an answer must have with these values; it has others, of which only the shape is known. */
export type Fields = Record<string, unknown>;

const typeNames: Record<number, string> = {
  [ChannelType.GuildText]: 'text',
  [ChannelType.GuildVoice]: 'voice',
  [ChannelType.GuildCategory]: 'category',
  [ChannelType.GuildAnnouncement]: 'announcement',
  [ChannelType.AnnouncementThread]: 'announcement_thread',
  [ChannelType.PublicThread]: 'public_thread',
  [ChannelType.PrivateThread]: 'private_thread',
  [ChannelType.GuildStageVoice]: 'stage',
  [ChannelType.GuildForum]: 'forum',
  [ChannelType.GuildMedia]: 'media',
};
const forums: readonly number[] = [ChannelType.GuildForum, ChannelType.GuildMedia];

export function typeName({ entry }: Place): string {
  return typeNames[entry.channel.type] ?? '';
}

export function isForum({ entry }: Place): boolean {
  return forums.includes(entry.channel.type);
}

export function channelFields(stage: Stage, viewer: Viewer, place: Place): Fields {
  const { oracle, facts } = stage;
  const { guild, entry } = place;
  const { channel } = entry;
  const parentId = parentIdOf(channel);
  const threads = oracle.threadsOf(viewer, channel.id);
  return {
    id: channel.id,
    guildId: guild.id,
    parentId: parentId !== null && oracle.seesChannel(viewer, parentId) ? parentId : null,
    name: channel.name,
    type: typeName(place),
    isNsfw: isAgeRestricted(guild, channel),
    isReading: facts.readingIds.has(channel.id),
    messageCount: String(messageCount(stage, place)),
    videoCount: count(videosIn(stage, viewer, place).length),
    threadCount: threads.length,
    state: stateOf(stage, place),
  };
}

/** Of a forum: of its posts. */
export function videosIn({ oracle }: Stage, viewer: Viewer, place: Place): WorldVideo[] {
  const { id } = place.entry.channel;
  const ids = isForum(place) ? oracle.threadsOf(viewer, id).map(({ entry }) => entry.channel.id) : [id];
  return oracle.videosOf(viewer).filter(({ channelId }) => ids.includes(channelId));
}

/** Those that were deleted after they had been read are counted still. */
export function messageCount({ oracle, matrix }: Stage, { entry }: Place): number {
  if (!oracle.wasRead(entry.channel.id)) return 0;
  const deleted = matrix.toDelete.filter((one) => one.isDeleted && one.channelId === entry.channel.id);
  return entry.messages.length + deleted.length;
}

function stateOf({ facts }: Stage, { entry: { channel } }: Place): string | null {
  if (!holdsMessages(channel)) return null;
  if (!facts.readingIds.has(channel.id)) return 'off';
  const newest = [...facts.runs.values()].find(
    (run) => run.channelId === channel.id && run.isNewest && run.status !== 'canceled',
  );
  switch (newest?.status) {
    case 'queued':
      return 'waiting';
    case 'succeeded':
      return 'read';
    case 'failed':
      return 'failed';
    default:
      return 'unread';
  }
}

export function guildFields(stage: Stage, viewer: Viewer, guild: WorldGuild): Fields {
  const { oracle } = stage;
  const seen = oracle.places.filter(
    (place) => place.guild === guild && oracle.seesChannel(viewer, place.entry.channel.id),
  );
  const states = { off: 0, unread: 0, waiting: 0, scanning: 0, read: 0, failed: 0 };
  const holders = seen.map((place) => stateOf(stage, place)).filter((state) => state !== null);
  for (const state of holders) states[state as keyof typeof states] += 1;
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    canManage: oracle.manages(viewer, guild.id),
    channelCount: holders.length,
    readingCount: holders.length - states.off,
    messageCount: String(seen.reduce((sum, place) => sum + messageCount(stage, place), 0)),
    videoCount: count(videosOfGuild(stage, viewer, guild).length),
    states,
  };
}

function videosOfGuild({ oracle }: Stage, viewer: Viewer, guild: WorldGuild): WorldVideo[] {
  return oracle.videosOf(viewer).filter(({ channelId }) => oracle.placeOf(channelId).guild === guild);
}

export function videoFields({ oracle }: Stage, video: WorldVideo): Fields {
  const { guild, entry } = oracle.placeOf(video.channelId);
  const { author } = video;
  const person = (user: typeof author) => ({
    id: user.id,
    username: user.username,
    globalName: user.global_name,
  });
  return {
    id: video.id,
    messageId: video.messageId,
    channelId: video.channelId,
    channelName: entry.channel.name,
    guildId: guild.id,
    guildName: guild.name,
    author: { ...person(author), avatar: null },
    filename: video.filename,
    title: video.title,
    caption: video.caption,
    source: video.source,
    hasFile: video.hasFile,
    hasPoster: true,
    isAgeRestricted: isAgeRestricted(guild, entry.channel),
    isConfirmed: true,
  };
}

export function runFields({ oracle, facts }: Stage, runId: string): Fields {
  const run = facts.runs.get(runId);
  if (!run) throw new Error(`no run ${runId}`);
  const { guild, entry } = oracle.placeOf(run.channelId);
  return {
    id: runId,
    channelId: run.channelId,
    channelName: entry.channel.name,
    guildId: guild.id,
    status: run.status,
  };
}

/** Of what the viewer sees, in any order: a list tells no more. */
export function runsSeenBy({ oracle, facts }: Stage, viewer: Viewer): string[] {
  return [...facts.runs].flatMap(([id, run]) => (oracle.seesChannel(viewer, run.channelId) ? [id] : []));
}

export function coverageFields(stage: Stage, place: Place): Fields {
  const { guild, entry } = place;
  return {
    channelId: entry.channel.id,
    channelName: entry.channel.name,
    guildId: guild.id,
    guildName: guild.name,
    threadOf: isThread(entry.channel) ? parentIdOf(entry.channel) : null,
    isReading: stage.facts.readingIds.has(entry.channel.id),
    messageCount: String(messageCount(stage, place)),
    skippedFiles: {},
  };
}

/** Counting stops at this bound. */
const MAX_COUNTED = 1_000;

export function count(value: number) {
  return { value: Math.min(value, MAX_COUNTED), isCapped: value >= MAX_COUNTED };
}
