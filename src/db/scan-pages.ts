import type { IdRange } from '../lib/ranges.ts';
import { type Queryable, sql } from './database.ts';
import { type NewAuthor, type PostedVideo, writeVideos } from './videos.ts';

/** One page of a channel's history as processed, with the proof of what it covers. */
export type ScanPage = {
  runId: string;
  /** The job attempt that walks; a page of an attempt that was taken over is refused. */
  workerId: string;
  /** All messages of the channel with these ids have now been processed. */
  covered: IdRange | null;
  messageIds: readonly string[];
  /** Messages that have videos. */
  matchedCount: number;
  videos: readonly PostedVideo[];
  authors: readonly NewAuthor[];
  /** Posting time of the newest message of the page, ISO 8601. */
  newestAt: string | null;
};

/**
 * Writes a page, the proof that it was read, and all that is counted, in one statement: either all of it or nothing.
 * Nothing is written unless the run is running and still belongs to this worker, so a page that comes after a
 * cancellation or a takeover leaves no trace.
 *
 * Locks are taken in the order run, channel, coverage; live ingest takes the last two in the same order.
 * Messages that were covered before (overlap with live ingest) are not counted again.
 */
export async function commitScanPage(db: Queryable, page: ScanPage): Promise<'committed' | 'not_running'> {
  const covered = page.covered === null ? '{}' : `{[${page.covered.low},${page.covered.high})}`;
  const rows = await db.query(sql`
    with claim as materialized (
      select r.id, r.channel_id
      from bot_channel_scan_runs r
      join scan_run_walks w on w.run_id = r.id
      where r.id = ${page.runId} and r.status = 'running' and w.worker_id = ${page.workerId}
      for update of r, w
    ),
    channels as materialized (
      select c.channel_id, c.guild_id, coverage.scanned
      from claim
      join bot_channels c on c.channel_id = claim.channel_id
      join scan_coverage coverage on coverage.channel_id = claim.channel_id
      for update of c, coverage
    ),
    page as materialized (
      select
        count(*) as message_count,
        count(*) filter (where not channels.scanned @> message_id) as new_count,
        max(message_id) as newest_id,
        min(message_id) as oldest_id
      from channels, unnest(${page.messageIds}::bigint[]) as message_id
    ),
    extended_coverage as (
      update scan_coverage set scanned = scan_coverage.scanned + ${covered}::int8multirange
      from channels
      where scan_coverage.channel_id = channels.channel_id
    ),
    advanced_channel as (
      update bot_channels c set
        last_message_id = greatest(c.last_message_id::bigint, page.newest_id)::text,
        message_count = c.message_count + page.new_count,
        last_activity_at = greatest(c.last_activity_at, ${page.newestAt}::timestamptz),
        last_scanned_at = now()
      from channels, page
      where c.channel_id = channels.channel_id
    ),
    counted_run as (
      update bot_channel_scan_runs r set
        messages_scanned = r.messages_scanned + page.message_count,
        messages_matched = r.messages_matched + ${page.matchedCount}::bigint
      from claim, page
      where r.id = claim.id
    ),
    advanced_walk as (
      update scan_run_walks w set
        pages = w.pages + 1,
        parked_until = null,
        videos_found = w.videos_found + ${page.videos.length}::bigint,
        oldest_message_id = least(w.oldest_message_id, page.oldest_id)
      from claim, page
      where w.run_id = claim.id
    ),
    ${writeVideos(page.videos, page.authors, 'history')}
    select from claim`);
  return rows.length === 1 ? 'committed' : 'not_running';
}

/** Notes until when a run waits for Discord. False: the run has ended or belongs to another worker. */
export async function parkScanRun(
  db: Queryable,
  runId: string,
  workerId: string,
  delaySecs: number,
): Promise<boolean> {
  const rows = await db.query(sql`
    update scan_run_walks walk
    set parked_until = case when ${delaySecs}::double precision > 0
      then now() + make_interval(secs => ${delaySecs}) end
    from bot_channel_scan_runs run
    where run.id = ${runId} and run.status = 'running'
      and walk.run_id = run.id and walk.worker_id = ${workerId}
    returning run.id`);
  return rows.length > 0;
}
