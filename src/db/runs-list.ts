import { empty, type Queryable, type Sql, sql } from './database.ts';

/** Scan runs as lists show them: with the channel's name and how far the walk has come. Nothing here writes. */

export type RunOverview = {
  id: string;
  channel_id: string;
  channel_name: string | null;
  guild_id: string;
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';
  after_message_id: string | null;
  before_message_id: string | null;
  messages_scanned: string;
  messages_matched: string;
  videos_found: string;
  reached_at: Date | null;
  /** The wanted span as times: an open bound is the channel's own creation, or that of the run. */
  wanted_from: Date;
  wanted_to: Date;
  requested_by: 'person' | 'catch_up' | 'auto';
  error_message: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
};

export type RunFilter = {
  guildId?: string | undefined;
  channelId?: string | undefined;
  status?: RunOverview['status'] | undefined;
  /** Only what stands for its channel now: no newer run, canceled ones aside. */
  isNewest?: boolean | undefined;
  limit: number;
};

/** Unfinished runs first (running before queued), then the newest. */
export function listRuns(db: Queryable, filter: RunFilter): Promise<RunOverview[]> {
  return db.query<RunOverview>(sql`
    ${runOverviews}
    where true
      ${filter.guildId === undefined ? empty : sql`and c.guild_id = ${filter.guildId}`}
      ${filter.channelId === undefined ? empty : sql`and c.channel_id = ${filter.channelId}`}
      ${filter.status === undefined ? empty : sql`and run.status = ${filter.status}::scan_status`}
      ${filter.isNewest ? sql`and ${isNewestRun}` : empty}
    order by
      case run.status when 'running' then 0 when 'queued' then 1 else 2 end,
      run.created_at desc,
      run.id
    limit ${filter.limit}
  `);
}

export async function findRun(db: Queryable, id: string): Promise<RunOverview | null> {
  const rows = await db.query<RunOverview>(sql`${runOverviews} where run.id = ${id}::uuid`);
  return rows[0] ?? null;
}

const isNewestRun = sql`not exists (
  select from bot_channel_scan_runs newer
  where newer.channel_id = run.channel_id and newer.created_at > run.created_at and newer.status <> 'canceled'
)`;

function postedAt(snowflake: Sql): Sql {
  return sql`to_timestamp((((${snowflake}) >> 22) + 1420070400000) / 1000.0)`;
}

const runOverviews = sql`
  select
    run.id, run.channel_id, c.name as channel_name, c.guild_id, run.status,
    run.after_message_id, run.before_message_id, run.messages_scanned, run.messages_matched,
    coalesce(walk.videos_found, 0)::text as videos_found,
    ${postedAt(sql`walk.oldest_message_id`)} as reached_at,
    ${postedAt(sql`coalesce(run.after_message_id, run.channel_id)::bigint`)} as wanted_from,
    coalesce(${postedAt(sql`run.before_message_id::bigint`)}, run.created_at) as wanted_to,
    coalesce(walk.requested_by, 'person') as requested_by,
    run.error_message, run.created_at, run.started_at, run.finished_at
  from bot_channel_scan_runs run
  join bot_channels c on c.channel_id = run.channel_id
  join channel_rules r on r.channel_id = c.channel_id and r.is_open
  left join scan_run_walks walk on walk.run_id = run.id
`;
