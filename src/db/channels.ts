import type { ChannelType } from './channel-types.ts';
import { type Queryable, sql } from './database.ts';
import type { StoredSettings } from './settings.ts';

/** A channel or thread of a guild, and how far its messages have been taken in. */
export type Channel = {
  id: string;
  guildId: string;
  /** Of a thread its channel, of a channel its category. */
  parentId: string | null;
  name: string | null;
  type: ChannelType | null;
  /** As Discord marks the channel itself; a thread is also age-restricted with its parent. */
  isNsfw: boolean;
  /** The switch for live ingest and for scans. */
  isReading: boolean;
  lastMessageId: string | null;
  lastScannedAt: Date | null;
  lastActivityAt: Date | null;
  messageCount: bigint;
  settings: StoredSettings;
  createdAt: Date;
  updatedAt: Date;
};

type ChannelRow = Omit<Channel, 'messageCount'> & { messageCount: string };

const channelColumns = sql`
  channel.channel_id as id, channel.guild_id as "guildId", access.parent_id as "parentId", channel.name,
  channel.type, coalesce(channel.is_nsfw, false) as "isNsfw", channel.is_reading as "isReading",
  channel.last_message_id as "lastMessageId", channel.last_scanned_at as "lastScannedAt",
  channel.last_activity_at as "lastActivityAt", channel.message_count as "messageCount", channel.settings,
  channel.created_at as "createdAt", channel.updated_at as "updatedAt"`;

function toChannel(row: ChannelRow): Channel {
  return { ...row, messageCount: BigInt(row.messageCount) };
}

/** In Discord's order; threads among the channels. */
export async function listChannels(db: Queryable, guildId: string): Promise<Channel[]> {
  const rows = await db.query<ChannelRow>(sql`
    select ${channelColumns}
    from bot_channels channel
    left join channel_access access on access.channel_id = channel.channel_id
    where channel.guild_id = ${guildId}
    order by coalesce(access.position, 0), channel.channel_id::numeric`);
  return rows.map(toChannel);
}

export async function getChannel(db: Queryable, channelId: string): Promise<Channel | null> {
  const rows = await db.query<ChannelRow>(sql`
    select ${channelColumns}
    from bot_channels channel
    left join channel_access access on access.channel_id = channel.channel_id
    where channel.channel_id = ${channelId}`);
  return rows[0] ? toChannel(rows[0]) : null;
}

/** False when there is no such channel. */
export async function setChannelReading(
  db: Queryable,
  channelId: string,
  isReading: boolean,
): Promise<boolean> {
  const rows = await db.query(sql`
    update bot_channels set is_reading = ${isReading} where channel_id = ${channelId} returning channel_id`);
  return rows.length > 0;
}

/** Switches those of the channels that belong to the guild; answers the ids of those that were not so before. */
export async function setChannelsReading(
  db: Queryable,
  guildId: string,
  channelIds: readonly string[],
  isReading: boolean,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    update bot_channels set is_reading = ${isReading}
    where channel_id in (
      select channel_id from bot_channels
      where guild_id = ${guildId} and channel_id = any(${channelIds}::text[]) and is_reading <> ${isReading}
      order by channel_id -- one order of locks for all writers
      for no key update
    )
    returning channel_id as id`);
  return rows.map((row) => row.id);
}

export type ChannelProgress = {
  /** Newest message of what was processed; null when there was none. */
  lastMessageId: string | null;
  /** Messages that were not processed before. */
  addMessages: number | bigint;
  lastActivityAt?: Date;
  lastScannedAt?: Date;
};

/** Moves cursor, counter and times forward; none of them ever goes back. False when there is no such channel. */
export async function advanceChannel(
  db: Queryable,
  channelId: string,
  progress: ChannelProgress,
): Promise<boolean> {
  if (progress.addMessages < 0) throw new RangeError(`message count of channel ${channelId} cannot go down`);
  const rows = await db.query(sql`
    update bot_channels
    set last_message_id = greatest(last_message_id::numeric, ${progress.lastMessageId}::numeric)::text,
      message_count = message_count + ${progress.addMessages}::bigint,
      last_activity_at = greatest(last_activity_at, ${progress.lastActivityAt ?? null}::timestamptz),
      last_scanned_at = greatest(last_scanned_at, ${progress.lastScannedAt ?? null}::timestamptz)
    where channel_id = ${channelId}
    returning channel_id`);
  return rows.length > 0;
}

/** Notes that a message was posted, whether or not it was processed. */
export async function touchChannelActivity(db: Queryable, channelId: string, at: Date): Promise<void> {
  await db.query(sql`
    update bot_channels set last_activity_at = ${at}::timestamptz
    where channel_id = ${channelId} and coalesce(last_activity_at, '-infinity') < ${at}::timestamptz`);
}
