import { ensureCoverage } from './coverage.ts';
import { type Queryable, sql } from './database.ts';
import { settledBelow } from './live-coverage.ts';
import { snowflakeYear } from './snowflake-time.ts';
import { type NewAuthor, type PostedSkip, type PostedVideo, writeVideos } from './videos.ts';

/** What the gateway delivered for one channel since the last commit. */
export type LiveMessages = {
  channelId: string;
  messageIds: readonly string[];
  /** Posting time of the newest, ISO 8601. */
  newestAt: string;
};

/**
 * Writes live messages and the coverage that they prove. Within one gateway session a channel's messages arrive
 * without gaps, though those of one moment in any order: the stretch from the session's first message on is claimed up
 * to a few seconds below the newest, and above it the messages alone. The rest is claimed when later messages, or
 * `settleLiveCoverage`, show that nothing more can come. So a message is counted once, by whoever comes first to claim it.
 *
 * A channel that may not be read now (reading off, age-restricted, departed) is skipped and starts anew when it may.
 * Answers the channels whose stretch began with this batch: below it there may be a hole.
 *
 * Call it in the transaction that saves the gateway's sequence, so that no event is counted twice.
 */
export async function writeLiveMessages(
  db: Queryable,
  sessionId: string,
  batch: readonly LiveMessages[],
  videos: readonly PostedVideo[],
  authors: readonly NewAuthor[],
  skipped: readonly PostedSkip[] = [],
): Promise<string[]> {
  const channelIds = batch.map((entry) => entry.channelId);
  await ensureCoverage(db, ...channelIds);
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
      join covered_ids coverage on coverage.channel_id = c.channel_id
      join channel_rules rules on rules.channel_id = c.channel_id
      where c.is_reading and rules.is_open
      order by c.channel_id -- one order of locks for all writers
      for update of c, coverage
    ),
    skipped as (
      delete from live_coverage
      where channel_id = any(${channelIds}::text[]) and channel_id not in (select channel_id from channels)
    ),
    stretches as materialized (
      select
        incoming.*, channels.scanned, known.channel_id is null as is_begun,
        -- What Discord told of with the channel was delivered to nobody in this session, though it may have come last.
        coalesce(known.first_message_id, greatest(incoming.first_id, access.newest_message_id + 1)) as begin_id,
        greatest(incoming.last_id, known.newest_message_id) as newest_id
      from channels
      join incoming on incoming.channel_id = channels.channel_id
      left join channel_access access on access.channel_id = channels.channel_id
      left join live_coverage known
        on known.channel_id = channels.channel_id and known.session_id = ${sessionId}
    ),
    messages as materialized (
      select channel_id, message_id
      from stretches, unnest(message_ids) as message_id
      where not scanned @> message_id
    ),
    grown as (
      insert into live_coverage as live (channel_id, session_id, first_message_id, newest_message_id, is_settled)
      select channel_id, ${sessionId}, begin_id, newest_id, false
      from stretches
      on conflict (channel_id) do update set
        session_id = excluded.session_id, first_message_id = excluded.first_message_id,
        newest_message_id = excluded.newest_message_id, is_settled = false, written_at = now()
    ),
    extended_coverage as (
      update scan_coverage coverage set
        scanned = coverage.scanned + stretches.points + int8multirange(
          int8range(stretches.begin_id, greatest(stretches.begin_id, ${settledBelow(sql`stretches.newest_id`)}))
        )
      from stretches
      where coverage.channel_id = stretches.channel_id
    ),
    counted_years as (
      insert into channel_years (channel_id, year, message_count)
      select channel_id, ${snowflakeYear(sql`message_id`)} as year, count(*)
      from messages
      group by channel_id, year
      order by channel_id
      on conflict (channel_id, year) do update
        set message_count = channel_years.message_count + excluded.message_count
    ),
    advanced_channels as (
      update bot_channels c set
        last_message_id = greatest(c.last_message_id::bigint, stretches.last_id)::text,
        message_count = c.message_count + coalesce(counts.message_count, 0),
        last_activity_at = greatest(c.last_activity_at, stretches.newest_at)
      from stretches
      left join (select channel_id, count(*) as message_count from messages group by channel_id) counts
        on counts.channel_id = stretches.channel_id
      where c.channel_id = stretches.channel_id
    ),
    ${writeVideos(videos, authors, 'live', { skipped })}
    select channel_id from stretches where is_begun`);
  return rows.map((row) => row.channel_id);
}
