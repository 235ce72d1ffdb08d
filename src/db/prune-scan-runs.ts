import { type Queryable, type Sql, sql } from './database.ts';

/**
 * Deletes up to `limit` runs that ended so many days ago, the oldest first; answers how many. Of each channel the newest
 * run that ended stays, and the newest that succeeded: lists, and the question whether a channel was ever scanned,
 * are answered from them.
 */
export async function deleteOldScanRuns(
  db: Queryable,
  olderThanDays: number,
  limit: number,
): Promise<number> {
  const rows = await db.query(sql`
    delete from bot_channel_scan_runs
    where id in (
      select run.id from bot_channel_scan_runs run
      where run.finished_at < now() - make_interval(days => ${olderThanDays}) and run.status not in ('queued', 'running')
        and exists (${newerRun(sql`newer.status not in ('queued', 'running')`)})
        and (run.status <> 'succeeded' or exists (${newerRun(sql`newer.status = 'succeeded'`)}))
      order by run.finished_at, run.id
      limit ${limit}
    )
    returning id`);
  return rows.length;
}

function newerRun(isMeant: Sql): Sql {
  return sql`
    select from bot_channel_scan_runs newer
    where newer.channel_id = run.channel_id and ${isMeant}
      and (newer.created_at, newer.id) > (run.created_at, run.id)`;
}
