import { type APIThreadMetadata, ChannelType } from 'discord-api-types/v10';
import { isThread, type PlacedChannel } from '../channels.ts';
import { canView } from '../permissions.ts';
import type { SandboxState } from '../state.ts';
import { channelView, threadMemberView } from '../views/channel.ts';
import type { WorldChannel, WorldGuild } from '../world.ts';
import { emitInChannel, emitInGuild } from './emit.ts';

export type ThreadDraft = {
  name: string;
  isPrivate: boolean;
  ownerId: string;
  /** A thread that hangs on a message takes its id. */
  messageId?: string | undefined;
};

export function createThread(state: SandboxState, parent: PlacedChannel, draft: ThreadDraft): WorldChannel {
  const createdAt = new Date(state.now()).toISOString();
  const id = draft.messageId ?? state.nextId();
  const entry = threadChannel(parent.entry, id, createdAt, draft);
  parent.guild.channels.set(id, entry);
  const placed = { guild: parent.guild, entry };
  emitThread(state, placed, 'THREAD_CREATE', { newly_created: true });
  return entry;
}

/** A thread as it begins: active, with its owner in it. */
export function threadChannel(
  { channel: parent }: WorldChannel,
  id: string,
  createdAt: string,
  { name, isPrivate, ownerId }: ThreadDraft,
): WorldChannel {
  const isNews = parent.type === ChannelType.GuildAnnouncement;
  const publicType = isNews ? ChannelType.AnnouncementThread : ChannelType.PublicThread;
  return {
    channel: {
      id,
      type: isPrivate ? ChannelType.PrivateThread : publicType,
      name,
      parent_id: parent.id,
      owner_id: ownerId,
      rate_limit_per_user: 0,
      message_count: 0,
      member_count: 1,
      total_message_sent: 0,
      thread_metadata: {
        archived: false,
        archive_timestamp: createdAt,
        auto_archive_duration: 4320,
        locked: false,
        create_timestamp: createdAt,
        ...(isPrivate && { invitable: false }),
      },
    },
    messages: [],
    threadMembers: new Set([ownerId]),
  } as unknown as WorldChannel; // the union of channel types cannot be built by a computed `type`
}

/** Renames, archives, locks; archiving sets the time by which archived threads are listed. */
export function updateThread(
  state: SandboxState,
  placed: PlacedChannel,
  patch: Partial<APIThreadMetadata> & { name?: string },
): void {
  const { channel } = placed.entry;
  if (!isThread(channel) || !channel.thread_metadata) return;
  const { name, ...metadata } = patch;
  if (name !== undefined) channel.name = name;
  if (metadata.archived !== undefined) metadata.archive_timestamp ??= new Date(state.now()).toISOString();
  Object.assign(channel.thread_metadata, metadata);
  emitThread(state, placed, 'THREAD_UPDATE');
}

/**
 * Runs a change that may let the bot into channels; their active threads are then news to it (THREAD_LIST_SYNC).
 */
export function withThreadSync(state: SandboxState, guild: WorldGuild, change: () => void): void {
  const botId = state.world.bot.id;
  const viewable = () =>
    new Set(
      [...guild.channels.values()]
        .filter(({ channel }) => !isThread(channel) && canView(guild, channel, botId))
        .map(({ channel }) => channel.id),
    );
  const before = viewable();
  change();
  const gained = [...viewable()].filter((id) => !before.has(id));
  if (gained.length === 0) return;
  const threads = [...guild.channels.values()].filter(
    ({ channel }) =>
      isThread(channel) &&
      gained.includes(channel.parent_id ?? '') &&
      channel.thread_metadata?.archived !== true &&
      canView(guild, channel, botId),
  );
  emitInGuild(state, guild, {
    name: 'THREAD_LIST_SYNC',
    data: {
      guild_id: guild.id,
      channel_ids: gained,
      threads: threads.map((entry) => channelView(state, { guild, entry })),
      members: threads
        .filter((entry) => entry.threadMembers.has(botId))
        .map((entry) => threadMemberView(entry.channel.id, botId)),
    },
  });
}

/** Tells of a thread as it is now. */
export function emitThread(
  state: SandboxState,
  placed: PlacedChannel,
  name: string,
  extra: object = {},
): void {
  const data = { ...channelView(state, placed), ...extra };
  emitInChannel(state, placed, { name, intent: 1, data: () => data });
}
