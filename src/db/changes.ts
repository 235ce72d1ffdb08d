import { type Queryable, sql } from './database.ts';
import { isVisibleGuild, type Sight } from './sight.ts';

/*
 * What has changed since a time, for those who follow it. A transaction may become visible some time after the moment that
 * it bears, so whoever asks looks back a little, and knows what it was told before by its `mark`.
 */

/** So far one looks back: longer than any of our writing transactions lasts. */
export const OVERLAP_SECS = 10;
const MAX_CHANGED_RUNS = 1_000; // of one look; workers walk far fewer at once
const MAX_CHANGED_GUILDS = 1_000;

export type Changes = {
  /** When it was looked, by the database: from where the next look goes on. ISO 8601 with microseconds. */
  until: string;
  /** Runs under way, and those that were queued or have ended. The same mark: nothing of it has changed. */
  runs: { id: string; mark: string }[];
  guilds: { id: string; mark: string }[];
  /** Whether any video was found. */
  hasVideos: boolean;
  /** There are more runs or guilds than are told of at once. */
  isCut: boolean;
};

const isoTime = (column: ReturnType<typeof sql>) =>
  sql`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** `since`: null: from now on. */
export async function readChanges(db: Queryable, since: string | null): Promise<Changes> {
  const from = sql`(coalesce(${since}::timestamptz, now()) - make_interval(secs => ${OVERLAP_SECS}))`;
  const [changes] = await db.query<Omit<Changes, 'isCut'>>(sql`
    select
      ${isoTime(sql`now()`)} as until,
      array(
        select jsonb_build_object(
          'id', run.id,
          'mark', concat_ws(' ', run.status, walk.pages, walk.parked_until)
        )
        from (
          select id, status from bot_channel_scan_runs
          where status in ('queued', 'running') and (status = 'running' or created_at > ${from})
          union all
          select id, status from bot_channel_scan_runs where finished_at > ${from}
          limit ${MAX_CHANGED_RUNS}
        ) run
        left join scan_run_walks walk on walk.run_id = run.id
      ) as runs,
      array(
        select jsonb_build_object('id', guild_id, 'mark', changed_at)
        from guild_changes where changed_at > ${from}
        limit ${MAX_CHANGED_GUILDS}
      ) as guilds,
      exists (select from videos where found_at > ${from}) as "hasVideos"`);
  if (!changes) throw new RangeError('changes have one row');
  const { runs, guilds } = changes;
  return { ...changes, isCut: runs.length === MAX_CHANGED_RUNS || guilds.length === MAX_CHANGED_GUILDS };
}

/** Those of the guilds that these eyes see. */
export async function filterSeenGuilds(
  db: Queryable,
  sight: Sight,
  guildIds: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select g.guild_id as id from bot_guilds g
    where g.guild_id = any(${guildIds}::text[]) and ${isVisibleGuild(sight, sql`g.guild_id`)}`);
  return rows.map((row) => row.id);
}
