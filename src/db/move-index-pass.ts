import { type Queryable, type Sql, sql } from './database.ts';
import { markStaleVideos } from './index-pages.ts';
import { type IndexPassReason, indexPassMessage } from './index-pass-reasons.ts';
import { type IndexPass, type IndexPassRow, indexPassColumns, toIndexPass } from './index-passes.ts';
import { movesFor, type ScanEvent } from './scan-run-states.ts';
import { asRunId } from './scan-runs.ts';

/*
 * What happens to an index pass after it was queued: the states and events of a scan run. Each statement locks the
 * pass before it looks at its state.
 */

/** Makes this worker the only one that may commit pages of the pass, whoever had it before. Null: it has ended. */
export async function startIndexPass(
  db: Queryable,
  passId: string,
  workerId: string,
): Promise<IndexPass | null> {
  const rows = await db.query<IndexPassRow>(sql`
    with found as (${lockPass(passId)}),
    pass as (
      update index_passes pass set
        status = move.to_status, worker_id = ${workerId}, parked_until = null,
        started_at = coalesce(pass.started_at, clock_timestamp())
      from found
      join ${movesFor('start')} on move.from_status = found.status
      where pass.id = found.id
      returning pass.*
    )
    select ${indexPassColumns} from pass join bot_guilds guild on guild.guild_id = pass.guild_id`);
  return rows[0] ? toIndexPass(rows[0]) : null;
}

/** The pass came to its end by itself. False: it has ended before, or belongs to another worker. */
export async function finishIndexPass(
  db: Queryable,
  passId: string,
  workerId: string,
  end: { event: 'succeed' | 'fail'; reason: IndexPassReason },
): Promise<boolean> {
  const errorMessage = end.event === 'fail' ? indexPassMessage(end.reason) : null;
  return (await moveToEnd(db, lockPass(passId, workerId), end.event, end.reason, errorMessage)) > 0;
}

/** Ends whatever is unfinished in the guild; what was found stays. Nothing is committed once this has answered. */
export async function cancelIndexPasses(
  db: Queryable,
  guildId: string,
  reason: IndexPassReason,
): Promise<number> {
  const found = sql`
    select id, status from index_passes
    where guild_id = ${guildId} and status in ('queued', 'running')
    for update`;
  return moveToEnd(db, found, 'cancel', reason, indexPassMessage(reason));
}

/** Ends a pass that nobody wants any more. False: it has ended before, or there is none. */
export async function cancelIndexPass(db: Queryable, passId: string): Promise<boolean> {
  return (await moveToEnd(db, lockPass(passId), 'cancel', 'canceled', indexPassMessage('canceled'))) > 0;
}

async function moveToEnd(
  db: Queryable,
  found: Sql,
  event: ScanEvent,
  reason: IndexPassReason,
  errorMessage: string | null,
): Promise<number> {
  const ended = await db.query<{ guildId: string }>(sql`
    with found as (${found})
    update index_passes pass set
      status = move.to_status, finished_at = clock_timestamp(), parked_until = null,
      reason = ${reason}, error_message = ${errorMessage}
    from found
    join ${movesFor(event)} on move.from_status = found.status
    where pass.id = found.id
    returning pass.guild_id as "guildId"`);
  // A walk's page that waited for one of our pages could not see what it wrote.
  for (const { guildId } of ended) await markStaleVideos(db, { guildId });
  return ended.length;
}

/**
 * Notes until when a pass waits. `isUnserved`: Discord had no page for us, which is counted from the first time on.
 * False: the pass has ended or belongs to another worker.
 */
export async function parkIndexPass(
  db: Queryable,
  passId: string,
  workerId: string,
  wait: { delaySecs: number; isUnserved: boolean; documentsIndexed?: number | undefined },
): Promise<boolean> {
  const rows = await db.query(sql`
    update index_passes set
      parked_until = case when ${wait.delaySecs}::double precision > 0
        then now() + make_interval(secs => ${wait.delaySecs}) end,
      waiting_since = case when ${wait.isUnserved} then coalesce(waiting_since, now()) else waiting_since end,
      documents_indexed = coalesce(${wait.documentsIndexed ?? null}::bigint, documents_indexed)
    where id = ${passId} and status = 'running' and worker_id = ${workerId}
    returning id`);
  return rows.length > 0;
}

function lockPass(passId: string, workerId?: string): Sql {
  const ours = workerId === undefined ? sql`true` : sql`worker_id = ${workerId}`;
  return sql`select id, status from index_passes where id = ${asRunId(passId)} and ${ours} for update`;
}
