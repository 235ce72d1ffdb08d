import { type Queryable, sql } from './database.ts';
import { isVisibleChannel, isVisibleGuild, type Sight } from './sight.ts';

/** The scans of a guild since a moment, together. */
export type ScanTotals = {
  runCount: number;
  runningCount: number;
  /** Of those running, the ones that wait for Discord. */
  parkedCount: number;
  endedCount: number;
  failedCount: number;
  messagesScanned: bigint;
  videosFound: bigint;
  /** 0…1, every run counting the same. */
  progress: number;
  /** Threads are still being listed: more runs may come. */
  isListingThreads: boolean;
  /** The pass over the guild's search index that is under way. */
  indexPassId: string | null;
};

/** The database's clock, which gave runs their times. */
export async function readDatabaseTime(db: Queryable): Promise<Date> {
  const [row] = await db.query<{ now: Date }>(sql`select clock_timestamp() as now`);
  return row?.now ?? new Date();
}

/** Of all runs of channels of a guild that these eyes see which had not ended at that time, or began since, whoever asked for them. */
export async function sumScanRuns(
  db: Queryable,
  sight: Sight,
  guildId: string,
  since: Date,
): Promise<ScanTotals> {
  type Row = Omit<ScanTotals, 'messagesScanned' | 'videosFound'> & { messages: string; videos: string };
  const [row] = await db.query<Row>(sql`
    select
      count(*)::int as "runCount",
      count(*) filter (where run.status = 'running')::int as "runningCount",
      count(*) filter (where run.status = 'running' and walk.parked_until is not null)::int as "parkedCount",
      count(*) filter (where run.status not in ('queued', 'running'))::int as "endedCount",
      count(*) filter (where run.status in ('failed', 'canceled'))::int as "failedCount",
      coalesce(sum(run.messages_scanned), 0)::text as messages,
      coalesce(sum(walk.videos_found), 0)::text as videos,
      coalesce(avg(
        case
          when run.status not in ('queued', 'running') then 1
          when walk.planned_span_ms > 0
            then greatest(0, 1 - walk.remaining_span_ms::double precision / walk.planned_span_ms)
          else 0
        end
      ), 1)::double precision as progress,
      exists (
        select from graphile_worker.jobs
        where jobs.task_identifier = 'list_threads' and jobs.key like 'list_threads:' || ${guildId}::text || ':%'
          and ${isVisibleGuild(sight, sql`${guildId}`)}
      ) as "isListingThreads",
      (
        select id from index_passes
        where guild_id = ${guildId} and status in ('queued', 'running') and ${isVisibleGuild(sight, sql`guild_id`)}
      ) as "indexPassId"
    from bot_channel_scan_runs run
    join bot_channels channel on channel.channel_id = run.channel_id
    left join scan_run_walks walk on walk.run_id = run.id
    where channel.guild_id = ${guildId}
      and ${isVisibleChannel(sight, sql`channel.channel_id`, sql`r.guild_id = ${guildId}`)}
      and (run.status in ('queued', 'running') or run.finished_at >= ${since})`);
  if (!row) throw new RangeError('a sum has one row');
  const { messages, videos, ...totals } = row;
  return { ...totals, messagesScanned: BigInt(messages), videosFound: BigInt(videos) };
}
