import { type Queryable, sql } from './database.ts';
import type { ScanRequester } from './scan-runs.ts';

/** A run in the line of its guild: the runs of one guild that were asked for by the same kind, oldest first, from 1. */
export type PlaceInLine = { runId: string; requestedBy: ScanRequester; place: number };

/** The places of these runs among the unfinished ones of their guilds; runs that have ended are left out. */
export async function listPlacesInLine(db: Queryable, runIds: readonly string[]): Promise<PlaceInLine[]> {
  if (runIds.length === 0) return [];
  return db.query<PlaceInLine>(sql`
    with lines as materialized (
      select distinct channel.guild_id
      from bot_channel_scan_runs run
      join bot_channels channel on channel.channel_id = run.channel_id
      where run.id = any(${runIds}::uuid[])
    ),
    placed as (
      select
        run.id, coalesce(walk.requested_by, 'person') as requested_by,
        row_number() over (
          partition by channel.guild_id, coalesce(walk.requested_by, 'person')
          order by run.created_at, run.id
        ) as place
      from bot_channel_scan_runs run
      join bot_channels channel on channel.channel_id = run.channel_id
      left join scan_run_walks walk on walk.run_id = run.id
      where run.status in ('queued', 'running') and channel.guild_id in (select guild_id from lines)
    )
    select id as "runId", requested_by as "requestedBy", place::integer as place
    from placed
    where id = any(${runIds}::uuid[])`);
}

/** Whether a job waits that is to run before one of this priority, or has waited longer than one that is added now. */
export async function isJobWaiting(db: Queryable, priority: number): Promise<boolean> {
  const rows = await db.query(sql`
    select from graphile_worker.jobs
    where locked_at is null and run_at <= now() and attempts < max_attempts and priority <= ${priority}::integer
    limit 1`);
  return rows.length > 0;
}
