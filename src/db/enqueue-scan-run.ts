import { ClipdexError } from '../lib/errors.ts';
import { containerTypes } from './channel-types.ts';
import { type Queryable, type Sql, sql } from './database.ts';
import { type ScanRequester, type ScanRun, type ScanRunRow, scanRunColumns, toScanRun } from './scan-runs.ts';

export type ScanRequest = {
  channelId: string;
  /** Exclusive bounds; left out: open. */
  afterMessageId?: string | null | undefined;
  beforeMessageId?: string | null | undefined;
  requestedBy: ScanRequester;
};

export type EnqueueRefusal =
  | 'channel_unknown'
  | 'channel_holds_no_messages'
  | 'channel_age_restricted'
  | 'channel_not_reading';

export type EnqueueResult =
  | { ok: true; run: ScanRun }
  | { ok: false; reason: EnqueueRefusal }
  | { ok: false; reason: 'run_unfinished'; runId: string };

/** Why a channel cannot be scanned, or null; for statements that name `bot_channels` c and `channel_rules` rules. */
export const refusalOf = sql`
  case
    when rules.is_departed then 'channel_unknown'
    when c.type = any(${containerTypes}::text[]) then 'channel_holds_no_messages'
    when not rules.is_open then 'channel_age_restricted'
    when not c.is_reading then 'channel_not_reading'
  end`;

/** Times that the run in the way may end between our look at it and our next try. */
const MAX_ATTEMPTS = 5;

/**
 * Queues a scan of a channel, or says why not. At most one run per channel is unfinished: the database's own index
 * decides between two who ask at once. Whoever starts the run later checks the channel's rules again.
 */
export async function enqueueScanRun(db: Queryable, request: ScanRequest): Promise<EnqueueResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const [answer] = await db.query<InsertAnswer>(insertRun(request));
    if (!answer) return { ok: false, reason: 'channel_unknown' };
    const { refusal, ...row } = answer;
    if (refusal !== null) return { ok: false, reason: refusal };
    if (row.id !== null) return { ok: true, run: toScanRun(row) };
    const runId = await findUnfinishedRun(db, request.channelId);
    if (runId !== null) return { ok: false, reason: 'run_unfinished', runId };
  }
  throw new ClipdexError(
    'scan_run_contended',
    `Runs of channel ${request.channelId} begin and end faster than one more can be queued. Try again.`,
  );
}

type InsertAnswer = (ScanRunRow & { refusal: null }) | { id: null; refusal: EnqueueRefusal | null };

/** The channel is locked against changes, so that nobody stops its reading between the check and the run. */
function insertRun(request: ScanRequest): Sql {
  return sql`
    with channel as (
      select
        c.channel_id, c.guild_id, c.name, ${refusalOf} as refusal
      from bot_channels c
      join channel_rules rules on rules.channel_id = c.channel_id
      where c.channel_id = ${request.channelId}
      for share of c
    ),
    run as (
      insert into bot_channel_scan_runs (channel_id, after_message_id, before_message_id)
      select channel_id, ${request.afterMessageId ?? null}, ${request.beforeMessageId ?? null}
      from channel
      where refusal is null
      on conflict (channel_id) where status in ('queued', 'running') do nothing
      returning *
    ),
    walk as (
      insert into scan_run_walks (run_id, requested_by)
      select id, ${request.requestedBy} from run
      returning *
    )
    select channel.refusal, ${scanRunColumns}
    from channel
    left join run on true
    left join walk on true`;
}

async function findUnfinishedRun(db: Queryable, channelId: string): Promise<string | null> {
  const rows = await db.query<{ id: string }>(sql`
    select id from bot_channel_scan_runs
    where channel_id = ${channelId} and status in ('queued', 'running')`);
  return rows[0]?.id ?? null;
}
