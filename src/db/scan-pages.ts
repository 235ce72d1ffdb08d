import type { IdRange } from '../lib/ranges.ts';
import { type Queryable, type Sql, sql } from './database.ts';
import { snowflakeAt, snowflakeYear } from './snowflake-time.ts';
import { type NewAuthor, type PostedSkip, type PostedVideo, writeVideos } from './videos.ts';

/** One page of a channel's history as processed, with the proof of what it covers. */
export type ScanPage = {
  runId: string;
  /** The job attempt that walks; a page of an attempt that was taken over is refused. */
  workerId: string;
  /** All messages of the channel with these ids have now been processed. */
  covered: IdRange | null;
  /** Nothing is left to walk after it. */
  isLast: boolean;
  messageIds: readonly string[];
  /** The setting `video_formats` by which files were told from others (`PageRules.ownFormats`). */
  ownFormats: string | null;
  /** Videos of any format: which of them count, and are counted, is decided as they are written. */
  videos: readonly PostedVideo[];
  authors: readonly NewAuthor[];
  skipped: readonly PostedSkip[];
  /** Posting time of the newest message of the page, ISO 8601. */
  newestAt: string | null;
  pace: WalkPace;
};

/** What a rate and a remaining time are made of. */
export type WalkPace = {
  /** Time that the walk spent on this page, waits for its turn included. */
  workingMs: number;
  /** How much of the channel's time lay in holes when this attempt planned its walk. */
  plannedSpanMs: number;
  /** How much of it is left after this page. */
  remainingSpanMs: number;
};

/** What decides whether a page may be written, and what is in it. */
export type PageRules = {
  isReading: boolean;
  isOpen: boolean;
  /** The setting `video_formats` as JSON, not checked; null: it was never set. */
  ownFormats: string | null;
};

/**
 * `not_running`: the run takes no pages any more, or none of this worker. `otherRules`: nothing was written, as the
 * channel is not read, or the page was told by other formats than count now.
 */
export type PageOutcome = 'committed' | 'not_running' | { otherRules: PageRules };

/**
 * Writes a page, the proof that it was read, and all that is counted, in one statement: either all of it or nothing.
 * Nothing is written unless the run is running and still belongs to this worker, so a page that comes after a
 * cancellation or a takeover leaves no trace; nor unless the channel is read, and by the settings that the page was
 * told by, so that a change of them applies to the page that is under way, without a question before each.
 *
 * Locks are taken in the order run, channel, coverage; live ingest takes the last two in the same order.
 * Messages that were covered before (overlap with live ingest) are not counted again.
 */
export async function commitScanPage(db: Queryable, page: ScanPage): Promise<PageOutcome> {
  const covered = page.covered === null ? 'empty' : `[${page.covered.low},${page.covered.high})`;
  const rows = await db.query<PageRules & { isCommitted: boolean }>(sql`
    with told as materialized (
      select message_id from unnest(${idArray(page.messageIds)}::bigint[]) as message_id
    ),
    walk as materialized (
      select r.id, r.channel_id
      from bot_channel_scan_runs r
      join scan_run_walks w on w.run_id = r.id
      where r.id = ${page.runId} and r.status = 'running' and w.worker_id = ${page.workerId}
      for update of r, w
    ),
    page_rules as materialized (
      select rules.is_reading, rules.is_open, (rules.own_settings -> 'video_formats')::text as own_formats
      from walk
      join channel_rules rules on rules.channel_id = walk.channel_id
    ),
    channels as materialized (
      -- of the coverage, which may have a thousand ranges, only what lies in the page: it is asked for each message
      select c.channel_id, c.guild_id,
        coverage.scanned * page_span.ids + coalesce(int8multirange(coverage.walked), '{}') * page_span.ids as scanned
      from walk
      join page_rules rules
        on rules.is_reading and rules.is_open and rules.own_formats is not distinct from ${page.ownFormats}::text
      cross join (
        select int8multirange(int8range(min(message_id), max(message_id), '[]')) as ids from told
      ) page_span
      join bot_channels c on c.channel_id = walk.channel_id
      join scan_coverage coverage on coverage.channel_id = walk.channel_id
      where c.is_reading -- asked again when the lock had to be waited for
      for update of c, coverage
    ),
    claim as materialized (
      select walk.id from walk where exists (select from channels)
    ),
    messages as materialized (
      select channels.channel_id, message_id, not channels.scanned @> message_id as is_new
      from channels, told
    ),
    page as materialized (
      select
        count(*) as message_count,
        count(*) filter (where is_new) as new_count,
        max(message_id) as newest_id,
        min(message_id) as oldest_id
      from messages
    ),
    counted_years as (
      insert into channel_years (channel_id, year, message_count)
      select channel_id, ${snowflakeYear(sql`message_id`)} as year, count(*)
      from messages
      where is_new
      group by channel_id, year
      on conflict (channel_id, year) do update
        set message_count = channel_years.message_count + excluded.message_count
    ),
    ${extendedCoverage(sql`${covered}::int8range`, page)},
    advanced_channel as (
      update bot_channels c set
        last_message_id = greatest(c.last_message_id::bigint, page.newest_id)::text,
        message_count = c.message_count + page.new_count,
        last_activity_at = greatest(c.last_activity_at, ${page.newestAt}::timestamptz),
        last_scanned_at = now()
      from channels, page
      where c.channel_id = channels.channel_id
    ),
    ${writeVideos(page.videos, page.authors, 'history', { skipped: page.skipped })},
    stale_videos as (
      update videos v set deleted_at = now() -- the index told of them, and the message shows them no more
      from channels
      where v.channel_id = channels.channel_id and not v.is_confirmed and v.deleted_at is null
        and ${covered}::int8range @> v.message_id
        and not exists (select from decided_videos d where d.message_id = v.message_id and d."id" = v.id)
    ),
    searched as (
      select ${snowflakeAt(sql`pass.started_at`)} as below_id -- by the guild's newest pass that came to its end
      from channels join index_passes pass on pass.guild_id = channels.guild_id
      where pass.status = 'succeeded' and pass.reason = 'start_reached'
      order by pass.created_at desc
      limit 1
    ),
    compared as (
      select
        count(*) filter (where found_by = 'index') as found_count,
        count(*) filter (where is_new and message_id < (select below_id from searched)) as missed_count
      from written_videos
      where is_video
    ),
    counted as (
      select count(*) as video_count, count(distinct message_id) as message_count
      from decided_videos
      where is_video
    ),
    counted_run as (
      update bot_channel_scan_runs r set
        messages_scanned = r.messages_scanned + page.message_count,
        messages_matched = r.messages_matched + counted.message_count
      from claim, page, counted
      where r.id = claim.id
    ),
    advanced_walk as (
      update scan_run_walks w set
        pages = w.pages + 1,
        parked_until = null,
        parked_reason = null,
        parked_count = 0,
        working_ms = w.working_ms + ${Math.round(page.pace.workingMs)}::bigint,
        planned_span_ms = coalesce(w.planned_span_ms, ${Math.round(page.pace.plannedSpanMs)}::bigint),
        remaining_span_ms = ${Math.round(page.pace.remainingSpanMs)}::bigint,
        videos_found = w.videos_found + counted.video_count,
        index_found = w.index_found + compared.found_count,
        index_missed = w.index_missed + compared.missed_count,
        oldest_message_id = least(w.oldest_message_id, page.oldest_id)
      from claim, page, counted, compared
      where w.run_id = claim.id
    )
    select
      is_reading as "isReading", is_open as "isOpen", own_formats as "ownFormats",
      exists (select from claim) as "isCommitted"
    from page_rules`);
  const [row] = rows;
  if (!row) return 'not_running';
  const { isCommitted, ...otherRules } = row;
  return isCommitted ? 'committed' : { otherRules };
}

/**
 * Adds what a page covered to what the walk has covered before it, if it goes on there; else, and at the end of the walk,
 * that is added to the rest. See `covered_ids`.
 */
function extendedCoverage(covered: Sql, { isLast }: ScanPage): Sql {
  const isApart = sql`not (coverage.walked && ${covered} or coverage.walked -|- ${covered})`;
  return sql`
    extended_coverage as (
      update scan_coverage coverage set
        scanned = case
          when ${isLast} then
            coverage.scanned + coalesce(int8multirange(coverage.walked), '{}') + int8multirange(${covered})
          when ${isApart} then coverage.scanned + int8multirange(coverage.walked)
          else coverage.scanned
        end,
        walked = case
          when ${isLast} then null
          when coverage.walked is null or ${isApart} then ${covered}
          else coverage.walked + ${covered}
        end
      from channels
      where coverage.channel_id = channels.channel_id and (${isLast} or not isempty(${covered}))
    )`;
}

/** As PostgreSQL writes an array. Ids need no quotes, for which the driver would look through each of them. */
function idArray(ids: readonly string[]): string {
  return `{${ids.join(',')}}`;
}
