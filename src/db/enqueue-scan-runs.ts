import { type Queryable, sql } from './database.ts';
import { type EnqueueRefusal, refusalOf, type ScanRequest } from './enqueue-scan-run.ts';
import type { ScanRequester } from './scan-runs.ts';

/** What became of one of many requests. A run in the way is told by `run_unfinished`, and not which it is. */
export type BulkEnqueueResult =
  | { ok: true; channelId: string; runId: string; requestedBy: ScanRequester }
  | { ok: false; channelId: string; reason: EnqueueRefusal | 'run_unfinished' };

/**
 * Queues scans of many channels in one statement, or says of each why not; of a channel given twice the first counts.
 * The same rules as for one. Rows are locked in the order of their ids, so that two who ask for the same channels
 * never wait for each other crosswise.
 */
export async function enqueueScanRuns(
  db: Queryable,
  requests: readonly ScanRequest[],
): Promise<BulkEnqueueResult[]> {
  if (requests.length === 0) return [];
  const rows = await db.query<{
    channel_id: string;
    run_id: string | null;
    requested_by: ScanRequester;
    refusal: EnqueueRefusal | 'run_unfinished' | null;
  }>(sql`
    with given as (
      select distinct on (channel_id) *
      from unnest(
        ${requests.map((request) => request.channelId)}::text[],
        ${requests.map((request) => request.afterMessageId ?? null)}::text[],
        ${requests.map((request) => request.beforeMessageId ?? null)}::text[],
        ${requests.map((request) => request.requestedBy)}::text[]
      ) with ordinality as asked (channel_id, after_message_id, before_message_id, requested_by, place)
      order by channel_id, place
    ),
    channels as materialized (
      select c.channel_id, ${refusalOf} as refusal
      from given
      join bot_channels c on c.channel_id = given.channel_id
      join channel_rules rules on rules.channel_id = c.channel_id
      order by c.channel_id
      for share of c -- nobody stops the reading between the check and the run
    ),
    run as (
      insert into bot_channel_scan_runs (channel_id, after_message_id, before_message_id)
      select given.channel_id, given.after_message_id, given.before_message_id
      from given
      join channels on channels.channel_id = given.channel_id
      where channels.refusal is null
      order by given.channel_id
      on conflict (channel_id) where status in ('queued', 'running') do nothing
      returning id, channel_id
    ),
    walk as (
      insert into scan_run_walks (run_id, requested_by)
      select run.id, given.requested_by from run join given on given.channel_id = run.channel_id
    )
    select
      given.channel_id, run.id as run_id, given.requested_by,
      case
        when channels.channel_id is null then 'channel_unknown'
        when channels.refusal is null and run.id is null then 'run_unfinished'
        else channels.refusal
      end as refusal
    from given
    left join channels on channels.channel_id = given.channel_id
    left join run on run.channel_id = given.channel_id
    order by given.place`);
  return rows.map(({ channel_id: channelId, run_id: runId, requested_by: requestedBy, refusal }) =>
    runId === null
      ? { ok: false, channelId, reason: refusal ?? 'channel_unknown' }
      : { ok: true, channelId, runId, requestedBy },
  );
}
