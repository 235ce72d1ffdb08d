import { type Queryable, sql } from './database.ts';

/** The channel of notifications that a run was canceled; their payload is the run's id. */
export const CANCELED_RUNS = 'canceled_scan_runs';

/** Of these runs, those that were canceled or are not here any more. */
export async function findCanceledRuns(db: Queryable, runIds: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select asked.id::text as id
    from unnest(${runIds}::uuid[]) as asked (id)
    left join bot_channel_scan_runs run on run.id = asked.id
    where run.id is null or run.status = 'canceled'`);
  return rows.map((row) => row.id);
}
