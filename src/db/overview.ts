import { type Queryable, type Sql, sql } from './database.ts';

/** What lists of guilds and channels show: rows with their counts. Nothing here writes. */

/** Counting stops here: an exact count of a million rows costs 90 ms, this one below 1 ms. */
export const MAX_COUNTED_VIDEOS = 1_000;
/** More channels than Discord allows in a guild (500) with the threads that are active at once (1,000). */
const MAX_CHANNELS = 2_000;
/** A bot that needs no sharding is in fewer. */
const MAX_GUILDS = 2_500;

export type GuildOverview = {
  guild_id: string;
  name: string;
  icon: string | null;
  channel_count: number;
  reading_count: number;
  message_count: string;
  video_count: number;
  /** Channels by the status of their latest run. */
  queued_count: number;
  running_count: number;
  succeeded_count: number;
  failed_count: number;
};

export type ChannelOverview = {
  channel_id: string;
  guild_id: string;
  parent_id: string | null;
  name: string | null;
  type: string | null;
  is_age_restricted: boolean;
  is_reading: boolean;
  message_count: string;
  video_count: number;
  run_status: 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled' | null;
  last_scanned_at: Date | null;
  last_activity_at: Date | null;
};

export function listGuildOverviews(db: Queryable): Promise<GuildOverview[]> {
  return db.query<GuildOverview>(guildOverviews(sql`true`));
}

export async function findGuildOverview(db: Queryable, guildId: string): Promise<GuildOverview | null> {
  const rows = await db.query<GuildOverview>(guildOverviews(sql`g.guild_id = ${guildId}`));
  return rows[0] ?? null;
}

function guildOverviews(isWanted: Sql): Sql {
  return sql`
    select g.guild_id, g.name, g.icon, channels.*, videos.*
    from bot_guilds g
    cross join lateral (
      select
        count(*)::int as channel_count,
        count(*) filter (where c.is_reading)::int as reading_count,
        coalesce(sum(c.message_count), 0)::text as message_count,
        count(*) filter (where latest.status = 'queued')::int as queued_count,
        count(*) filter (where latest.status = 'running')::int as running_count,
        count(*) filter (where latest.status = 'succeeded')::int as succeeded_count,
        count(*) filter (where latest.status = 'failed')::int as failed_count
      from bot_channels c
      join channel_rules r on r.channel_id = c.channel_id and r.is_open
      left join lateral ${latestRun} latest on true
      where c.guild_id = g.guild_id
    ) channels
    cross join lateral (
      select count(*)::int as video_count
      from (
        select from videos v
        where v.guild_id = g.guild_id
          and v.deleted_at is null
          and v.channel_id = any (
            array(select r.channel_id from channel_rules r where r.guild_id = g.guild_id and r.is_open)
          )
        limit ${MAX_COUNTED_VIDEOS}
      ) counted
    ) videos
    where ${isWanted}
      and not exists (select from guild_departures d where d.guild_id = g.guild_id)
    order by lower(g.name), g.guild_id
    limit ${MAX_GUILDS}
  `;
}

/** The open channels of a guild in Discord's order, threads after their parents' siblings. */
export function listChannelOverviews(db: Queryable, guildId: string): Promise<ChannelOverview[]> {
  return db.query<ChannelOverview>(sql`
    select
      c.channel_id, c.guild_id, r.parent_id, c.name, c.type, r.is_age_restricted, c.is_reading,
      c.message_count, videos.video_count, latest.status as run_status, c.last_scanned_at, c.last_activity_at
    from bot_channels c
    join channel_rules r on r.channel_id = c.channel_id and r.is_open
    left join channel_access a on a.channel_id = c.channel_id
    left join lateral ${latestRun} latest on true
    cross join lateral (
      select count(*)::int as video_count
      from (
        select from videos v
        where v.channel_id = c.channel_id and v.deleted_at is null
        limit ${MAX_COUNTED_VIDEOS}
      ) counted
    ) videos
    where c.guild_id = ${guildId}
    order by coalesce(a.position, 0), lower(c.name), c.channel_id
    limit ${MAX_CHANNELS}
  `);
}

const latestRun = sql`(
  select run.status
  from bot_channel_scan_runs run
  where run.channel_id = c.channel_id
  order by run.created_at desc
  limit 1
)`;
