import { type Queryable, sql } from './database.ts';
import { type NewAuthor, type PostedVideo, writeVideos } from './videos.ts';

/** What the gateway delivered for one channel since the last commit. */
export type LiveMessages = {
  channelId: string;
  messageIds: readonly string[];
  /** Posting time of the newest, ISO 8601. */
  newestAt: string;
};

/**
 * Writes live messages and the coverage that they prove. Within one gateway session a channel's messages arrive
 * without gaps, so everything from the session's first message in the channel up to the newest one is covered.
 * A channel that may not be read now (reading off, age-restricted, departed) is skipped and starts anew when it may.
 * Answers the channels whose session began with this batch: below it there may be a hole.
 *
 * Call it in the transaction that saves the gateway's sequence, so that no event is counted twice.
 */
export async function writeLiveMessages(
  db: Queryable,
  sessionId: string,
  batch: readonly LiveMessages[],
  videos: readonly PostedVideo[],
  authors: readonly NewAuthor[],
): Promise<string[]> {
  const channelIds = batch.map((entry) => entry.channelId);
  await db.query(sql`
    insert into scan_coverage (channel_id)
    select channel_id from bot_channels where channel_id = any(${channelIds}::text[])
    on conflict (channel_id) do nothing`);
  const rows = await db.query<{ channel_id: string }>(sql`
    with incoming as materialized (
      select m."channelId" as channel_id, m."newestAt" as newest_at, ids.*
      from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb)
        as m ("channelId" text, "messageIds" bigint[], "newestAt" timestamptz)
      cross join lateral (
        select
          m."messageIds" as message_ids, min(id) as first_id, max(id) as last_id,
          range_agg(int8range(id, id + 1)) as points
        from unnest(m."messageIds") as id
      ) ids
    ),
    channels as materialized (
      select c.channel_id, c.guild_id, coverage.scanned
      from incoming
      join bot_channels c on c.channel_id = incoming.channel_id
      join scan_coverage coverage on coverage.channel_id = c.channel_id
      join channel_rules rules on rules.channel_id = c.channel_id
      where c.is_reading and rules.is_open
      order by c.channel_id -- one order of locks for all writers
      for update of c, coverage
    ),
    skipped as (
      delete from live_coverage
      where channel_id = any(${channelIds}::text[]) and channel_id not in (select channel_id from channels)
    ),
    known as materialized (
      select channel_id, first_message_id from live_coverage
      where channel_id = any(${channelIds}::text[]) and session_id = ${sessionId}
    ),
    begun as (
      insert into live_coverage (channel_id, session_id, first_message_id)
      select channels.channel_id, ${sessionId}, incoming.first_id
      from channels
      join incoming on incoming.channel_id = channels.channel_id
      where channels.channel_id not in (select channel_id from known)
      on conflict (channel_id) do update
        set session_id = excluded.session_id, first_message_id = excluded.first_message_id
      returning channel_id
    ),
    extended_coverage as (
      update scan_coverage coverage set
        scanned = coverage.scanned + incoming.points
          + int8multirange(int8range(least(first.id, incoming.last_id), incoming.last_id + 1))
      from channels
      join incoming on incoming.channel_id = channels.channel_id
      left join known on known.channel_id = channels.channel_id
      cross join lateral (select coalesce(known.first_message_id, incoming.first_id) as id) first
      where coverage.channel_id = channels.channel_id
    ),
    advanced_channels as (
      update bot_channels c set
        last_message_id = greatest(c.last_message_id::bigint, incoming.last_id)::text,
        message_count = c.message_count
          + (select count(*) from unnest(incoming.message_ids) as id where not channels.scanned @> id),
        last_activity_at = greatest(c.last_activity_at, incoming.newest_at)
      from channels
      join incoming on incoming.channel_id = channels.channel_id
      where c.channel_id = channels.channel_id
    ),
    ${writeVideos(videos, authors, 'live')}
    select channel_id from begun`);
  return rows.map((row) => row.channel_id);
}

export type EditedMessage = {
  channelId: string;
  messageId: string;
  /** ISO 8601; null when it was not told. */
  editedAt: string | null;
  /** Of all files that it still has, whether or not they count as video now. */
  attachmentIds: readonly string[];
  /** False when the update did not tell the text: the caption stays. */
  tellsCaption: boolean;
};

/** Brings the videos of an edited message up to date; those whose file it no longer has are marked as deleted. */
export async function writeEditedMessage(
  db: Queryable,
  message: EditedMessage,
  videos: readonly PostedVideo[],
  authors: readonly NewAuthor[],
): Promise<void> {
  await db.query(sql`
    with channels as (
      select channel_id, guild_id from channel_rules
      where channel_id = ${message.channelId} and is_reading and is_open
    ),
    removed as (
      update videos set deleted_at = now(), edited_at = coalesce(${message.editedAt}::timestamptz, edited_at)
      where message_id = ${message.messageId}::bigint and channel_id = ${message.channelId}
        and deleted_at is null and id <> all(${message.attachmentIds}::text[])
    ),
    ${writeVideos(videos, authors, 'live', { keepsCaptions: !message.tellsCaption })}
    select`);
}

/**
 * Ends the gap-free stretch of channels whose live messages may have been missed (permissions changed, outage):
 * the next message begins a new one, and what lies between is a hole. Without `channelIds`, the whole guild's.
 */
export async function breakLiveCoverage(
  db: Queryable,
  guildId: string,
  channelIds: readonly string[] | null = null,
): Promise<void> {
  await db.query(sql`
    delete from live_coverage
    using bot_channels c
    where live_coverage.channel_id = c.channel_id and c.guild_id = ${guildId}
      and (${channelIds}::text[] is null or c.channel_id = any(${channelIds}::text[]))`);
}
