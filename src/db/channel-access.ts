import type { ChannelType } from './channel-types.ts';
import type { PermissionOverwrite } from './channels-sync.ts';
import { type Queryable, sql } from './database.ts';

/** What is needed, besides roles, to compute who may see a channel. Written by `upsertChannels`. */
export type ChannelAccess = {
  channelId: string;
  guildId: string;
  type: ChannelType | null;
  /** Of a thread its channel, whose overwrites hold for the thread; of a channel its category, whose do not. */
  parentId: string | null;
  position: number;
  overwrites: PermissionOverwrite[];
  /** Newest message as Discord told it, processed or not. */
  newestMessageId: string | null;
};

const accessColumns = sql`
  channel.channel_id as "channelId", channel.guild_id as "guildId", channel.type,
  access.parent_id as "parentId", access.position, access.overwrites,
  access.newest_message_id as "newestMessageId"`;

/** The channel's, and its parent's where we have one. Null: no such channel. */
export async function getChannelAccess(
  db: Queryable,
  channelId: string,
): Promise<{ channel: ChannelAccess; parent: ChannelAccess | null } | null> {
  const rows = await db.query<ChannelAccess>(sql`
    select ${accessColumns}
    from bot_channels channel
    join channel_access access on access.channel_id = channel.channel_id
    where channel.channel_id = ${channelId}
      or channel.channel_id = (select parent_id from channel_access where channel_id = ${channelId})`);
  const channel = rows.find((row) => row.channelId === channelId);
  if (!channel) return null;
  return { channel, parent: rows.find((row) => row.channelId === channel.parentId) ?? null };
}

/** Of all channels and threads of a guild. */
export async function listChannelAccess(db: Queryable, guildId: string): Promise<ChannelAccess[]> {
  return db.query<ChannelAccess>(sql`
    select ${accessColumns}
    from bot_channels channel
    join channel_access access on access.channel_id = channel.channel_id
    where channel.guild_id = ${guildId}
    order by access.position, channel.channel_id::numeric`);
}
