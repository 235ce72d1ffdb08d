import { type Queryable, sql } from './database.ts';
import type { ScanStatus } from './scan-run-states.ts';

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
  oldestMessageId: string | null;
  /** Why it ended early: the code that leads `errorMessage`. */
  reason: string | null;
};

export type ScanRequester = 'person' | 'catch_up' | 'auto';

type Counter = 'messagesScanned' | 'messagesMatched' | 'pages' | 'videosFound';
export type ScanRunRow = Omit<ScanRun, Counter> & Record<Counter, string>;

/** For statements that name their parts `run`, `walk` (which a run made by another program lacks) and `channel`. */
export const scanRunColumns = sql`
  run.id, run.channel_id as "channelId", channel.name as "channelName", channel.guild_id as "guildId",
  run.after_message_id as "afterMessageId", run.before_message_id as "beforeMessageId", run.status,
  run.messages_scanned as "messagesScanned", run.messages_matched as "messagesMatched",
  run.error_message as "errorMessage", run.started_at as "startedAt", run.finished_at as "finishedAt",
  run.created_at as "createdAt", coalesce(walk.requested_by, 'person') as "requestedBy",
  walk.worker_id as "workerId", coalesce(walk.pages, 0) as pages,
  coalesce(walk.videos_found, 0) as "videosFound", walk.oldest_message_id as "oldestMessageId", walk.reason`;

export function toScanRun(row: ScanRunRow): ScanRun {
  return {
    ...row,
    messagesScanned: BigInt(row.messagesScanned),
    messagesMatched: BigInt(row.messagesMatched),
    pages: BigInt(row.pages),
    videosFound: BigInt(row.videosFound),
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

/** A part of a list of runs: at most `limit` of those that come after the run `afterRunId`, or from the start. */
export type ScanRunPage = { limit: number; afterRunId?: string };

const MAX_PAGE_RUNS = 200; // rows of one answer; about 100 kB

/** The history of a channel or of a guild, newest first. */
export async function listScanRuns(
  db: Queryable,
  scope: { channelId: string } | { guildId: string },
  page: ScanRunPage,
): Promise<ScanRun[]> {
  const isInScope =
    'channelId' in scope
      ? sql`run.channel_id = ${scope.channelId}`
      : sql`channel.guild_id = ${scope.guildId}`;
  const cursor = asRunId(page.afterRunId ?? '');
  const rows = await db.query<ScanRunRow>(sql`
    select ${scanRunColumns}
    from bot_channel_scan_runs run
    join bot_channels channel on channel.channel_id = run.channel_id
    left join scan_run_walks walk on walk.run_id = run.id
    where ${isInScope}
      and (
        ${page.afterRunId === undefined}
        or (run.created_at, run.id) < (select created_at, id from bot_channel_scan_runs where id = ${cursor})
      )
    order by run.created_at desc, run.id desc
    limit ${Math.min(page.limit, MAX_PAGE_RUNS)}`);
  return rows.map(toScanRun);
}

/** The newest run of each channel of a guild that has one. */
export async function latestScanRunPerChannel(db: Queryable, guildId: string): Promise<ScanRun[]> {
  const rows = await db.query<ScanRunRow>(sql`
    select ${scanRunColumns}
    from bot_channels channel
    cross join lateral (
      select * from bot_channel_scan_runs newest
      where newest.channel_id = channel.channel_id
      order by newest.created_at desc, newest.id desc
      limit 1
    ) run
    left join scan_run_walks walk on walk.run_id = run.id
    where channel.guild_id = ${guildId}
    order by run.created_at desc, run.id desc`);
  return rows.map(toScanRun);
}

/** Runs that are queued or running, in the order in which they were asked for. */
export async function listUnfinishedScanRuns(db: Queryable, page: ScanRunPage): Promise<ScanRun[]> {
  const cursor = asRunId(page.afterRunId ?? '');
  const rows = await db.query<ScanRunRow>(sql`
    select ${scanRunColumns}
    from bot_channel_scan_runs run
    join bot_channels channel on channel.channel_id = run.channel_id
    left join scan_run_walks walk on walk.run_id = run.id
    where run.status in ('queued', 'running')
      and (
        ${page.afterRunId === undefined}
        or (run.created_at, run.id) > (select created_at, id from bot_channel_scan_runs where id = ${cursor})
      )
    order by run.created_at, run.id
    limit ${Math.min(page.limit, MAX_PAGE_RUNS)}`);
  return rows.map(toScanRun);
}
