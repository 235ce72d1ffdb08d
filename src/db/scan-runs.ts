import { type Queryable, sql } from './database.ts';
import type { ScanStatus } from './scan-run-states.ts';
import { snowflakeTime } from './snowflake-time.ts';

/** A scan of a channel's history: what was asked, how far it came, how it ended. */
export type ScanRun = {
  id: string;
  channelId: string;
  channelName: string | null;
  guildId: string;
  /** Exclusive bounds as they were asked; null: open. */
  afterMessageId: string | null;
  beforeMessageId: string | null;
  status: ScanStatus;
  messagesScanned: bigint;
  /** Messages that have videos. */
  messagesMatched: bigint;
  errorMessage: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  createdAt: Date;
  requestedBy: ScanRequester;
  /** The job attempt that may commit pages. */
  workerId: string | null;
  pages: bigint;
  videosFound: bigint;
  /** Of these, videos that the index had told of before. */
  indexFound: bigint;
  /** And those that it had not told of, although a pass had gone over that part of the channel. */
  indexMissed: bigint;
  oldestMessageId: string | null;
  /** Posting time of that message. */
  reachedAt: Date | null;
  /** Why it ended: a code of `scanRunReasons`. */
  reason: string | null;
  /** Until when it waits, and why; both null when it does not. */
  parkedUntil: Date | null;
  parkedReason: string | null;
  /** Time spent walking by all attempts together, waits of parking left out. */
  workingMs: bigint;
  /** How much of the channel's time lay in holes when the walk was first planned, and how much still does. */
  plannedSpanMs: bigint | null;
  remainingSpanMs: bigint | null;
};

export type ScanRequester = 'person' | 'catch_up' | 'auto';

type Counter =
  | 'messagesScanned'
  | 'messagesMatched'
  | 'pages'
  | 'videosFound'
  | 'indexFound'
  | 'indexMissed'
  | 'workingMs';
type Span = 'plannedSpanMs' | 'remainingSpanMs';
export type ScanRunRow = Omit<ScanRun, Counter | Span> &
  Record<Counter, string> &
  Record<Span, string | null>;

/** For statements that name their parts `run`, `walk` (which a run made by another program lacks) and `channel`. */
export const scanRunColumns = sql`
  run.id, run.channel_id as "channelId", channel.name as "channelName", channel.guild_id as "guildId",
  run.after_message_id as "afterMessageId", run.before_message_id as "beforeMessageId", run.status,
  run.messages_scanned as "messagesScanned", run.messages_matched as "messagesMatched",
  run.error_message as "errorMessage", run.started_at as "startedAt", run.finished_at as "finishedAt",
  run.created_at as "createdAt", coalesce(walk.requested_by, 'person') as "requestedBy",
  walk.worker_id as "workerId", coalesce(walk.pages, 0) as pages,
  coalesce(walk.videos_found, 0) as "videosFound", coalesce(walk.index_found, 0) as "indexFound",
  coalesce(walk.index_missed, 0) as "indexMissed",
  walk.oldest_message_id as "oldestMessageId", ${snowflakeTime(sql`walk.oldest_message_id`)} as "reachedAt",
  walk.reason, walk.parked_until as "parkedUntil", walk.parked_reason as "parkedReason",
  coalesce(walk.working_ms, 0) as "workingMs", walk.planned_span_ms as "plannedSpanMs",
  walk.remaining_span_ms as "remainingSpanMs"`;

export function toScanRun(row: ScanRunRow): ScanRun {
  return {
    ...row,
    messagesScanned: BigInt(row.messagesScanned),
    messagesMatched: BigInt(row.messagesMatched),
    pages: BigInt(row.pages),
    videosFound: BigInt(row.videosFound),
    indexFound: BigInt(row.indexFound),
    indexMissed: BigInt(row.indexMissed),
    workingMs: BigInt(row.workingMs),
    plannedSpanMs: row.plannedSpanMs === null ? null : BigInt(row.plannedSpanMs),
    remainingSpanMs: row.remainingSpanMs === null ? null : BigInt(row.remainingSpanMs),
  };
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A run's id from outside as PostgreSQL can take it: what is no UUID is the id of no run. */
export function asRunId(text: string): string | null {
  return uuidPattern.test(text) ? text : null;
}

export async function getScanRun(db: Queryable, runId: string): Promise<ScanRun | null> {
  const rows = await db.query<ScanRunRow>(sql`
    select ${scanRunColumns}
    from bot_channel_scan_runs run
    join bot_channels channel on channel.channel_id = run.channel_id
    left join scan_run_walks walk on walk.run_id = run.id
    where run.id = ${asRunId(runId)}`);
  return rows[0] ? toScanRun(rows[0]) : null;
}
