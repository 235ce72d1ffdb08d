import { containerTypes } from './channel-types.ts';
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
  /** The channels that are being read, by their state. */
  unread_count: number;
  waiting_count: number;
  scanning_count: number;
  read_count: number;
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
  /** Null for containers, which hold no messages of their own. */
  state: 'off' | 'unread' | 'waiting' | 'scanning' | 'read' | 'failed' | null;
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
        count(reading.state)::int as channel_count,
        count(*) filter (where reading.state <> 'off')::int as reading_count,
        coalesce(sum(c.message_count), 0)::text as message_count,
        count(*) filter (where reading.state = 'unread')::int as unread_count,
        count(*) filter (where reading.state = 'waiting')::int as waiting_count,
        count(*) filter (where reading.state = 'scanning')::int as scanning_count,
        count(*) filter (where reading.state = 'read')::int as read_count,
        count(*) filter (where reading.state = 'failed')::int as failed_count
      from bot_channels c
      join channel_rules r on r.channel_id = c.channel_id and r.is_open
      cross join lateral ${readingState} reading
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
      c.message_count, videos.video_count, reading.state, c.last_scanned_at, c.last_activity_at
    from bot_channels c
    join channel_rules r on r.channel_id = c.channel_id and r.is_open
    left join channel_access a on a.channel_id = c.channel_id
    cross join lateral ${readingState} reading
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

/** Of channel `c`: its newest run tells, canceled ones aside, which changed nothing. */
const readingState = sql`(
  select
    case
      when c.type = any (${containerTypes}::text[]) then null
      when not c.is_reading then 'off'
      else
        case latest.status
          when 'queued' then 'waiting'
          when 'running' then 'scanning'
          when 'succeeded' then 'read'
          when 'failed' then 'failed'
          else 'unread'
        end
    end as state
  from (select) one
  left join lateral (
    select run.status
    from bot_channel_scan_runs run
    where run.channel_id = c.channel_id and run.status <> 'canceled'
    order by run.created_at desc
    limit 1
  ) latest on true
)`;
