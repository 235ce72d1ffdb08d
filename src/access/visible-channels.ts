import type { SightChannel, SightSource } from '../db/viewer-channels.ts';
import { isThread } from '../discord/channel-types.ts';
import {
  canReadHistory,
  channelPermissions,
  type GuildStanding,
  guildPermissions,
  has,
  Permission,
} from '../discord/permissions.ts';

export type VisibleChannels = {
  /** Channels and private threads. Other threads follow their channel. */
  channelIds: string[];
  canManage: boolean;
  /** Private threads that are seen only if the viewer is in them, which is to be asked. */
  unasked: SightChannel[];
  /** ISO 8601: until when what is known of memberships may be relied on; null: nothing rests on it. */
  until: string | null;
};

/** What of a guild a member may see and read. Whoever reads a channel of it must also find it open. */
export function visibleChannelsOf(userId: string, source: SightSource): VisibleChannels {
  const standing = standingOf(userId, source);
  const channels = source.channels.filter((channel) => !isThread(channel.type ?? ''));
  const visible = new Map(
    channels.filter((one) => canRead(standing, one)).map((one) => [one.channelId, one]),
  );
  const seen: VisibleChannels = {
    channelIds: [...visible.keys()],
    canManage: canManage(standing),
    unasked: [],
    until: null,
  };
  for (const thread of source.channels.filter(({ type }) => isThread(type ?? ''))) {
    const parent = visible.get(thread.parentId ?? '');
    if (parent) addThread(seen, standing, thread, parent);
  }
  return seen;
}

export function standingOf(userId: string, { guildId, ownerId, roles, member }: SightSource): GuildStanding {
  return { guildId, ownerId, roles, member: { userId, ...member } };
}

export function canManage(standing: GuildStanding): boolean {
  return has(guildPermissions(standing), Permission.manageGuild);
}

function canRead(standing: GuildStanding, { type, overwrites }: SightChannel): boolean {
  return canReadHistory({ ...standing, channel: { ...(type ? { type } : {}), overwrites } }).canRead;
}

function addThread(
  seen: VisibleChannels,
  standing: GuildStanding,
  thread: SightChannel,
  parent: SightChannel,
): void {
  const { membership } = thread;
  if (mayManageThreads(standing, parent)) {
    seen.channelIds.push(thread.channelId);
    return;
  }
  if (!membership?.isFresh) seen.unasked.push(thread);
  if (!membership?.isMember) return;
  seen.channelIds.push(thread.channelId);
  if (seen.until === null || membership.until < seen.until) seen.until = membership.until;
}

function mayManageThreads(standing: GuildStanding, { overwrites }: SightChannel): boolean {
  return has(channelPermissions({ ...standing, channel: { overwrites } }), Permission.manageThreads);
}
