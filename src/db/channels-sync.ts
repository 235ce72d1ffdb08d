import { raiseAccessVersions } from './access-versions.ts';
import { type ChannelType, openThreadTypes, threadTypes } from './channel-types.ts';
import { type Queryable, sql, type Transaction } from './database.ts';
import { noteGuildChanges } from './guild-changes.ts';
import { storedText } from './stored-text.ts';

/** Keeps our channels in step with Discord's: what it tells, and what it no longer lists. */

export type PermissionOverwrite = {
  id: string;
  /** 0: of a role, 1: of a member. */
  type: number;
  /** Permission bits as a decimal string. */
  allow: string;
  deny: string;
};

export type NewChannel = {
  id: string;
  name: string | null;
  type: ChannelType;
  isNsfw: boolean;
  parentId: string | null;
  position: number;
  overwrites: readonly PermissionOverwrite[];
  /** Newest message as Discord tells it, processed or not. */
  newestMessageId: string | null;
  /** Of a thread that is archived: its archive timestamp, ISO 8601. */
  archivedAt?: string | null;
};

/**
 * Stores what Discord tells of channels and threads of one guild, and answers the ids of those that are new.
 * Never touches what we know ourselves: reading, cursor, counters, settings. Rows that are as told stay as they are,
 * so that `updated_at` tells something. A channel that is known in another guild is passed over.
 */
export async function upsertChannels(
  db: Queryable,
  guildId: string,
  channels: readonly NewChannel[],
): Promise<string[]> {
  if (channels.length === 0) return [];
  // `xmax = 0`: the row was inserted by this statement; it is set when the conflict clause locked an existing one.
  const rows = await db.query<{ id: string }>(sql`
    with given as (
      select distinct on (channel_id) *
      from unnest(
        ${channels.map((channel) => channel.id)}::text[],
        ${channels.map((channel) => storedText(channel.name))}::text[],
        ${channels.map((channel) => channel.type)}::text[],
        ${channels.map((channel) => channel.isNsfw)}::boolean[],
        ${channels.map((channel) => channel.parentId)}::text[],
        ${channels.map((channel) => channel.position)}::integer[],
        ${channels.map((channel) => JSON.stringify(channel.overwrites))}::jsonb[],
        ${channels.map((channel) => channel.newestMessageId)}::bigint[],
        ${channels.map((channel) => channel.archivedAt ?? null)}::timestamptz[]
      ) with ordinality as told (
        channel_id, name, type, is_nsfw, parent_id, position, overwrites, newest_message_id, archived_at, place
      )
      order by channel_id, place desc
    ),
    written as (
      insert into bot_channels as channel (channel_id, guild_id, name, type, is_nsfw)
      select channel_id, ${guildId}, name, type, is_nsfw
      from given
      order by channel_id -- one order of locks for all writers
      on conflict (channel_id) do update set
        name = excluded.name, type = excluded.type, is_nsfw = excluded.is_nsfw
      where channel.guild_id = excluded.guild_id
        and (channel.name, channel.type, channel.is_nsfw)
          is distinct from (excluded.name, excluded.type, excluded.is_nsfw)
      returning channel_id, guild_id, type, xmax = 0 as is_new
    ),
    noted as (${noteGuildChanges(sql`select guild_id from written`)}),
    reopened as (
      select from given -- what is read here is as it was before this statement
      left join bot_channels old on old.channel_id = given.channel_id
      left join channel_access access on access.channel_id = given.channel_id
      where coalesce(old.guild_id, ${guildId}) = ${guildId}
        and (old.type, access.parent_id, access.overwrites)
          is distinct from (given.type, given.parent_id, given.overwrites)
        -- open threads come by the hundred, and are seen by whoever sees their channel
        and (given.type = any(${openThreadTypes}::text[]) and coalesce(old.type, given.type) = given.type) is not true
    ),
    voided as (${raiseAccessVersions(sql`select ${guildId} as guild_id where exists (select from reopened)`)}),
    placed as (
      insert into channel_access as access (
        channel_id, parent_id, position, overwrites, newest_message_id, archived_at
      )
      select channel_id, parent_id, position, overwrites, newest_message_id, archived_at
      from given
      where channel_id in (
        select channel_id from written
        union all
        select channel_id from bot_channels where guild_id = ${guildId}
      )
      order by channel_id
      on conflict (channel_id) do update set
        parent_id = excluded.parent_id, position = excluded.position, overwrites = excluded.overwrites,
        archived_at = excluded.archived_at,
        newest_message_id = greatest(access.newest_message_id, excluded.newest_message_id)
      where (access.parent_id, access.position, access.overwrites, access.archived_at)
          is distinct from (excluded.parent_id, excluded.position, excluded.overwrites, excluded.archived_at)
        or excluded.newest_message_id > coalesce(access.newest_message_id, 0)
    )
    select channel_id as id from written where is_new`);
  return rows.map((row) => row.id);
}

/**
 * Those of the threads whose channel is here. It is locked, so that it is not deleted without them: nobody would ever
 * tell of what hangs on a channel that is gone.
 */
export async function findHousedThreads<Thread extends Pick<NewChannel, 'parentId'>>(
  tx: Transaction,
  guildId: string,
  threads: readonly Thread[],
): Promise<Thread[]> {
  const rows = await tx.query<{ id: string }>(sql`
    select channel_id as id from bot_channels
    where guild_id = ${guildId} and channel_id = any(${threads.map((thread) => thread.parentId)}::text[])
    order by channel_id -- one order of locks for all writers
    for key share`);
  const parentIds = new Set<string | null>(rows.map((row) => row.id));
  return threads.filter((thread) => parentIds.has(thread.parentId));
}

/**
 * Deletes the guild's channels that are not among `listedIds`, and the threads in them; answers all their ids.
 * `onlyTypes`: what the list was about. Discord lists channels without their threads, so a list of channels is
 * passed with the types of channels, or every thread would go.
 */
export async function deleteChannelsNotIn(
  db: Queryable,
  guildId: string,
  listedIds: readonly string[],
  onlyTypes: readonly ChannelType[] | null = null,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    with gone as (
      select channel_id from bot_channels
      where guild_id = ${guildId}
        and channel_id <> all(${listedIds}::text[])
        and (${onlyTypes}::text[] is null or type = any(${onlyTypes}::text[]))
    ),
    deleted as (
      delete from bot_channels channel
      where channel.guild_id = ${guildId}
        and (
          channel.channel_id in (select channel_id from gone)
          or channel.type = any(${threadTypes}::text[])
            and exists (
              select from channel_access access
              where access.channel_id = channel.channel_id and access.parent_id is not null
                and (
                  access.parent_id in (select channel_id from gone)
                  -- its channel went while it was being added
                  or not exists (select from bot_channels parent where parent.channel_id = access.parent_id)
                )
            )
        )
      returning channel.channel_id, channel.guild_id
    ),
    noted as (${noteGuildChanges(sql`select guild_id from deleted`)})
    select channel_id as id from deleted`);
  return rows.map((row) => row.id);
}

/** Deletes the channel with its threads (of a category: not the channels in it); answers all their ids. */
export async function deleteChannel(tx: Transaction, channelId: string): Promise<string[]> {
  // In a statement of its own: the next one then sees the threads that were added while this one waited.
  await tx.query(sql`select from bot_channels where channel_id = ${channelId} for update`);
  const rows = await tx.query<{ id: string }>(sql`
    with deleted as (
      delete from bot_channels channel
      using bot_channels parent
      where parent.channel_id = ${channelId}
        and channel.guild_id = parent.guild_id
        and (
          channel.channel_id = parent.channel_id
          or channel.type = any(${threadTypes}::text[])
            and exists (
              select from channel_access access
              where access.channel_id = channel.channel_id and access.parent_id = parent.channel_id
            )
        )
      returning channel.channel_id, channel.guild_id
    ),
    noted as (${noteGuildChanges(sql`select guild_id from deleted`)})
    select channel_id as id from deleted`);
  return rows.map((row) => row.id);
}

/**
 * Deletes a thread that Discord does not know any more. Nobody tells of an archived thread that is deleted while we are
 * away, so it stays until something asks for it. Channels stay: a list of the guild's channels tells what became of them.
 */
export async function deleteGoneThread(db: Queryable, channelId: string): Promise<boolean> {
  const rows = await db.query(sql`
    with deleted as (
      delete from bot_channels where channel_id = ${channelId} and type = any(${threadTypes}::text[])
      returning guild_id
    ),
    noted as (${noteGuildChanges(sql`select guild_id from deleted`)})
    select from deleted`);
  return rows.length > 0;
}
