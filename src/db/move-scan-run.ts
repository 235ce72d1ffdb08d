import { CANCELED_RUNS } from './canceled-runs.ts';
import { empty, type Queryable, type Sql, sql, type Transaction } from './database.ts';
import { reasonMessage } from './scan-run-reasons.ts';
import { movesFor, type ScanEvent, type ScanStatus } from './scan-run-states.ts';
import { asRunId, type ScanRun, type ScanRunRow, scanRunColumns, toScanRun } from './scan-runs.ts';
import { storedText } from './stored-text.ts';

/*
 * What happens to a run after it was queued. Each statement locks the run before it looks at its state, so events that
 * come at once are judged one after the other. Times are those of the clock and not of the transaction's begin:
 * a run that waited for a lock must not end before it started.
 */

/** `status` is the state that refused; null: no such run. */
export type StartResult =
  | { outcome: 'started' | 'taken_over'; run: ScanRun }
  | { outcome: 'not_startable'; status: ScanStatus | null };

/** `status` is the state that refused (`running`: the run belongs to another worker by now); null: no such run. */
export type FinishResult = { ok: true; run: ScanRun } | { ok: false; status: ScanStatus | null };

const MAX_ERROR_LENGTH = 2_000; // characters kept of an error message; it is shown in lists

/** Makes this worker the only one that may commit pages of the run, whoever had it before. */
export async function startScanRun(db: Queryable, runId: string, workerId: string): Promise<StartResult> {
  const rows = await db.query<ScanRunRow & { previous: ScanStatus }>(sql`
    with found as (${lockRun(runId)}),
    run as (
      update bot_channel_scan_runs run
      set status = move.to_status, started_at = coalesce(run.started_at, clock_timestamp())
      from found
      join ${movesFor('start')} on move.from_status = found.status
      where run.id = found.id
      returning run.*
    ),
    walk as (
      insert into scan_run_walks (run_id, requested_by, worker_id)
      select id, 'person', ${workerId} from run
      on conflict (run_id) do update
        set worker_id = excluded.worker_id, parked_until = null, parked_reason = null
      returning *
    )
    select found.status as previous, ${scanRunColumns}
    from found
    join run on run.id = found.id
    join walk on walk.run_id = run.id
    join bot_channels channel on channel.channel_id = run.channel_id`);
  const [row] = rows;
  if (!row) return { outcome: 'not_startable', status: await statusOf(db, runId) };
  const { previous, ...run } = row;
  return { outcome: previous === 'queued' ? 'started' : 'taken_over', run: toScanRun(run) };
}

/** `workerId`: only if the run still belongs to this worker. `reason`: the code that says how it ended. */
export async function succeedScanRun(
  db: Queryable,
  runId: string,
  workerId?: string,
  reason: string | null = null,
): Promise<FinishResult> {
  return finishScanRun(db, runId, 'succeed', null, workerId, reason);
}

/** The message says what and what next, and begins with its reason code: `no_history_permission: …`. */
export async function failScanRun(
  db: Queryable,
  runId: string,
  errorMessage: string,
  workerId?: string,
): Promise<FinishResult> {
  return finishScanRun(db, runId, 'fail', errorMessage, workerId);
}

/** Nothing more is committed by the run once this has answered. Whoever walks it is told to stop waiting. */
export async function cancelScanRun(
  db: Queryable,
  runId: string,
  errorMessage = reasonMessage('canceled'),
): Promise<FinishResult> {
  return finishScanRun(db, runId, 'cancel', errorMessage);
}

/** Cancels whatever is unfinished in these channels; answers the ids of those runs. */
export async function cancelUnfinishedScanRuns(
  db: Queryable,
  channelIds: readonly string[],
  errorMessage: string,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    finishRuns(
      sql`
        select run.id, run.status from bot_channel_scan_runs run
        where run.channel_id = any(${channelIds}::text[]) and run.status in ('queued', 'running')
        order by run.id -- one order of locks for all writers
        for update`,
      'cancel',
      errorMessage,
    ),
  );
  return rows.map((row) => row.id);
}

/**
 * Locks whatever is unfinished in these channels and the threads in them. A page locks its run before its channel, so
 * whoever changes channels and then ends their runs calls this first.
 */
export async function lockUnfinishedScanRuns(tx: Transaction, channelIds: readonly string[]): Promise<void> {
  await tx.query(sql`
    select from bot_channel_scan_runs run
    left join channel_access access on access.channel_id = run.channel_id
    where run.status in ('queued', 'running')
      and (run.channel_id = any(${channelIds}::text[]) or access.parent_id = any(${channelIds}::text[]))
    order by run.id -- one order of locks for all writers
    for update of run`);
}

async function finishScanRun(
  db: Queryable,
  runId: string,
  event: ScanEvent,
  errorMessage: string | null,
  workerId?: string,
  reason: string | null = null,
): Promise<FinishResult> {
  const [row] = await db.query<ScanRunRow>(finishRuns(lockRun(runId, workerId), event, errorMessage, reason));
  if (!row) return { ok: false, status: await statusOf(db, runId) };
  return { ok: true, run: toScanRun(row) };
}

function finishRuns(
  found: Sql,
  event: ScanEvent,
  errorMessage: string | null,
  givenReason: string | null = null,
): Sql {
  const message = errorMessage === null ? null : storedText(errorMessage).slice(0, MAX_ERROR_LENGTH);
  const reason = givenReason ?? /^([a-z][a-z0-9_]*): /.exec(message ?? '')?.[1] ?? null;
  return sql`
    with found as (${found}),
    run as (
      update bot_channel_scan_runs run
      set status = move.to_status, finished_at = clock_timestamp(), error_message = ${message}
      from found
      join ${movesFor(event)} on move.from_status = found.status
      where run.id = found.id
      returning run.*
    ),
    walk as (
      insert into scan_run_walks (run_id, requested_by, reason)
      select id, 'person', ${reason} from run
      on conflict (run_id) do update
        set reason = excluded.reason, parked_until = null, parked_reason = null
      returning *
    )
    select ${scanRunColumns}
    from run
    join walk on walk.run_id = run.id
    join bot_channels channel on channel.channel_id = run.channel_id
    ${event === 'cancel' ? tellCancellation : empty}`;
}

/** Only makes it prompt: without it, the run's next page is refused. */
const tellCancellation = sql`
  cross join lateral (select pg_notify(${CANCELED_RUNS}, run.id::text) offset 0) told`;

/** Both rows are locked where the worker counts: a takeover that we had to wait for must be seen. */
function lockRun(runId: string, workerId?: string): Sql {
  if (workerId === undefined) {
    return sql`
      select run.id, run.status from bot_channel_scan_runs run
      where run.id = ${asRunId(runId)}
      for update`;
  }
  return sql`
    select run.id, run.status from bot_channel_scan_runs run
    join scan_run_walks walk on walk.run_id = run.id
    where run.id = ${asRunId(runId)} and walk.worker_id = ${workerId}
    for update of run, walk`;
}

async function statusOf(db: Queryable, runId: string): Promise<ScanStatus | null> {
  const rows = await db.query<{ status: ScanStatus }>(sql`
    select status from bot_channel_scan_runs where id = ${asRunId(runId)}`);
  return rows[0]?.status ?? null;
}
