import { empty, type Queryable, type Sql, sql } from './database.ts';
import { followsInTime, type RunPlace } from './run-place.ts';
import type { ScanStatus } from './scan-run-states.ts';
import { asRunId, type ScanRun, type ScanRunRow, scanRunColumns, toScanRun } from './scan-runs.ts';
import { isVisibleChannel, type Sight, seesChannel } from './sight.ts';

/** Scan runs as lists show them: of channels that these eyes see. Nothing here writes. */
export type RunFilter = {
  guildId?: string | undefined;
  channelId?: string | undefined;
  status?: ScanStatus | undefined;
  /** Only what stands for its channel now: no newer run, canceled ones aside. */
  isNewest?: boolean | undefined;
  /** Only what follows this place. */
  after?: RunPlace | undefined;
  limit: number;
};

const groups: Record<ScanStatus, number> = { running: 0, queued: 1, succeeded: 2, failed: 2, canceled: 2 };

export const placeOfRun = ({ status, createdAt, id }: ScanRun): RunPlace => ({
  group: groups[status],
  createdAt,
  id,
});

const groupOfRun = sql`case run.status when 'running' then 0 when 'queued' then 1 else 2 end`;
const inGroups = sql`${groupOfRun}, run.created_at desc, run.id`;

/**
 * Unfinished runs first (running before queued), then the newest. A run that moves meanwhile may be met twice, or not.
 * Which ones is settled before anything else is looked up of them: an instance may keep a hundred thousand.
 */
export async function listRuns(db: Queryable, sight: Sight, filter: RunFilter): Promise<ScanRun[]> {
  const rows = await db.query<ScanRunRow>(sql`
    with picked as materialized (
      select run.id
      from bot_channel_scan_runs run
      join bot_channels channel on channel.channel_id = run.channel_id
      where ${isVisibleChannel(sight, sql`channel.channel_id`, isOfChannels(filter))}
        ${filter.guildId === undefined ? empty : sql`and channel.guild_id = ${filter.guildId}`}
        ${filter.channelId === undefined ? empty : sql`and channel.channel_id = ${filter.channelId}`}
        ${filter.status === undefined ? empty : sql`and run.status = ${filter.status}::scan_status`}
        ${filter.isNewest ? sql`and ${isNewestRun}` : empty}
        ${filter.after === undefined ? empty : sql`and ${follows(filter.after)}`}
      order by ${inGroups}
      limit ${filter.limit}
    )
    ${shownRuns(sql`run.id in (select id from picked)`)}
    order by ${inGroups}`);
  return rows.map(toScanRun);
}

export async function findRun(db: Queryable, sight: Sight, id: string): Promise<ScanRun | null> {
  const rows = await db.query<ScanRunRow>(
    shownRuns(sql`run.id = ${asRunId(id)} and ${seesChannel(sight, sql`run.channel_id`)}`),
  );
  return rows[0] ? toScanRun(rows[0]) : null;
}

/** Those of the runs that these eyes see, in any order. */
export async function findRuns(db: Queryable, sight: Sight, runIds: readonly string[]): Promise<ScanRun[]> {
  const rows = await db.query<ScanRunRow>(
    shownRuns(sql`run.id = any(${runIds}::uuid[]) and ${seesChannel(sight, sql`run.channel_id`)}`),
  );
  return rows.map(toScanRun);
}

/** Those of the runs that these eyes see. */
export async function filterSeenRuns(
  db: Queryable,
  sight: Sight,
  runIds: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select run.id
    from bot_channel_scan_runs run
    where run.id = any(${runIds}::uuid[]) and ${seesChannel(sight, sql`run.channel_id`)}`);
  return rows.map((row) => row.id);
}

function follows(place: RunPlace): Sql {
  const isLater = followsInTime(place, sql`bot_channel_scan_runs`, sql`run`);
  return sql`(${groupOfRun} > ${place.group} or ${groupOfRun} = ${place.group} and ${isLater})`;
}

function isOfChannels({ guildId, channelId }: RunFilter): Sql {
  if (channelId !== undefined) return sql`r.channel_id = ${channelId}`;
  return guildId === undefined ? sql`true` : sql`r.guild_id = ${guildId}`;
}

const isNewestRun = sql`not exists (
  select from bot_channel_scan_runs newer
  where newer.channel_id = run.channel_id and newer.created_at > run.created_at and newer.status <> 'canceled'
)`;

function shownRuns(isWanted: Sql): Sql {
  return sql`
    select ${scanRunColumns}
    from bot_channel_scan_runs run
    join bot_channels channel on channel.channel_id = run.channel_id
    left join scan_run_walks walk on walk.run_id = run.id
    where ${isWanted}`;
}
