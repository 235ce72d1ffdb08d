import { forgetAwaitingOpening } from './age-restriction.ts';
import { type ChannelType, threadTypes } from './channel-types.ts';
import { type Queryable, sql, type Transaction } from './database.ts';
import { noteGuildChanges } from './guild-changes.ts';
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

/**
 * Switches the reading of a channel as a person asks for it. Its threads go along, except those that somebody switched;
 * a thread that is switched here is such a one from now on. False when there is no such channel.
 */
export async function setChannelReading(
  tx: Transaction,
  channelId: string,
  isReading: boolean,
): Promise<boolean> {
  const [channel] = await tx.query<{ guild_id: string }>(sql`
    select guild_id from bot_channels where channel_id = ${channelId}`);
  if (channel) await setChannelsReading(tx, channel.guild_id, [channelId], isReading);
  return channel !== undefined;
}

/**
 * The same for those of the channels that belong to the guild; answers the ids of those that were not so before, threads
 * that went along included. `by`: a rule may switch a thread without making it one that somebody switched.
 */
export async function setChannelsReading(
  tx: Transaction,
  guildId: string,
  channelIds: readonly string[],
  isReading: boolean,
  by: 'person' | 'rule' = 'person',
): Promise<string[]> {
  // The channels are locked before their threads are looked for: whoever adds a thread meanwhile holds its channel.
  const given = await tx.query<{ id: string; is_thread: boolean }>(sql`
    select channel_id as id, type = any(${threadTypes}::text[]) as is_thread from bot_channels
    where guild_id = ${guildId} and channel_id = any(${channelIds}::text[])
    order by type = any(${threadTypes}::text[]), channel_id -- one order of locks for all writers
    for no key update`);
  const threadIds = given.flatMap(({ id, is_thread }) => (is_thread ? [id] : []));
  const ids = given.map(({ id }) => id);
  if (by === 'person') {
    await noteOwnReading(tx, threadIds);
    await forgetAwaitingOpening(tx, ids);
  }
  const rows = await tx.query<{ id: string }>(sql`
    with switched as (
      update bot_channels set is_reading = ${isReading}
      where channel_id in (
        select channel.channel_id from bot_channels channel
        left join channel_access access on access.channel_id = channel.channel_id
        where channel.is_reading <> ${isReading}
          and (
            channel.channel_id = any(${ids}::text[])
            or access.parent_id = any(${ids}::text[]) and channel.type = any(${threadTypes}::text[])
              and not access.has_own_reading
          )
        order by channel.channel_id
        for no key update of channel
      )
      returning channel_id, guild_id
    ),
    noted as (${noteGuildChanges(sql`select guild_id from switched`)})
    select channel_id as id from switched`);
  return rows.map((row) => row.id);
}

async function noteOwnReading(tx: Transaction, threadIds: readonly string[]): Promise<void> {
  await tx.query(sql`
    insert into channel_access (channel_id, has_own_reading)
    select unnest(${threadIds}::text[]), true
    on conflict (channel_id) do update set has_own_reading = true`);
}
