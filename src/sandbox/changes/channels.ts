import type { APIOverwrite, ChannelType } from 'discord-api-types/v10';
import { dropAttachments } from '../attachment-index.ts';
import {
  type Channel,
  isThread,
  overwritesOf,
  type PlacedChannel,
  parentIdOf,
  threadsOf,
} from '../channels.ts';
import type { SandboxState } from '../state.ts';
import { channelView } from '../views/channel.ts';
import type { WorldChannel, WorldGuild } from '../world.ts';
import { emitInChannel, emitInGuild } from './emit.ts';
import { withThreadSync } from './threads.ts';

export type ChannelDraft = {
  name: string;
  type: ChannelType;
  parent_id?: string | null;
  nsfw?: boolean;
  permission_overwrites?: APIOverwrite[];
};

export type ChannelPatch = Partial<Omit<ChannelDraft, 'type'>> & {
  type?: ChannelType;
  topic?: string | null;
  position?: number;
};

export function createChannel(state: SandboxState, guild: WorldGuild, draft: ChannelDraft): WorldChannel {
  const entry = {
    channel: {
      id: state.nextId(),
      position: guild.channels.size,
      parent_id: null,
      nsfw: false,
      topic: null,
      rate_limit_per_user: 0,
      permission_overwrites: [],
      ...draft,
    },
    messages: [],
    threadMembers: new Set<string>(),
  } as unknown as WorldChannel; // the union of channel types cannot be built by a computed `type`
  guild.channels.set(entry.channel.id, entry);
  emitInGuild(state, guild, { name: 'CHANNEL_CREATE', data: channelView(state, { guild, entry }) });
  return entry;
}

export function updateChannel(state: SandboxState, placed: PlacedChannel, patch: ChannelPatch): void {
  const { guild, entry } = placed;
  withThreadSync(state, guild, () => {
    Object.assign(entry.channel, patch);
    emitInGuild(state, guild, { name: 'CHANNEL_UPDATE', data: channelView(state, placed) });
  });
}

/** Moves a channel into a category or out of all, and gives it the category's overwrites if asked to. */
export function moveChannel(
  state: SandboxState,
  placed: PlacedChannel,
  category: WorldChannel | undefined,
  takesPermissions: boolean,
): void {
  updateChannel(state, placed, {
    parent_id: category?.channel.id ?? null,
    ...(category && takesPermissions && { permission_overwrites: [...overwritesOf(category.channel)] }),
  });
}

/**
 * Replaces one overwrite, or removes it when it neither allows nor denies anything. What lies in a category and has the
 * same overwrites goes with it.
 */
export function setOverwrite(state: SandboxState, placed: PlacedChannel, overwrite: APIOverwrite): void {
  const { guild, entry } = placed;
  const before = sameness(entry.channel);
  const synced = [...guild.channels.values()].filter(
    ({ channel }) =>
      !isThread(channel) && parentIdOf(channel) === entry.channel.id && sameness(channel) === before,
  );
  const others = overwritesOf(entry.channel).filter(({ id }) => id !== overwrite.id);
  const isEmpty = overwrite.allow === '0' && overwrite.deny === '0';
  const overwrites = isEmpty ? others : [...others, overwrite];
  for (const changed of [entry, ...synced]) {
    updateChannel(state, { guild, entry: changed }, { permission_overwrites: [...overwrites] });
  }
}

/** The same for two channels with the same overwrites, in whatever order. */
function sameness(channel: Channel): string {
  return overwritesOf(channel)
    .map(({ id, type, allow, deny }) => `${id} ${type} ${allow} ${deny}`)
    .sort()
    .join();
}

/** Deletes a channel with its threads, or a thread; files in them die. A category's channels stay, without it. */
export function deleteChannel(state: SandboxState, placed: PlacedChannel): void {
  const { guild, entry } = placed;
  const view = channelView(state, placed);
  if (isThread(entry.channel)) {
    const { id, type, parent_id } = entry.channel;
    const data = { id, guild_id: guild.id, parent_id, type };
    emitInChannel(state, placed, { name: 'THREAD_DELETE', intent: 1, data: () => data });
  }
  for (const doomed of [entry, ...threadsOf(guild, entry.channel.id)]) {
    for (const message of doomed.messages) dropAttachments(state.attachments, message);
    guild.channels.delete(doomed.channel.id);
  }
  if (isThread(entry.channel)) return;
  emitInGuild(state, guild, { name: 'CHANNEL_DELETE', data: view });
  for (const orphan of guild.channels.values()) {
    if (parentIdOf(orphan.channel) === entry.channel.id) {
      updateChannel(state, { guild, entry: orphan }, { parent_id: null });
    }
  }
}
