import { MAX_COUNTED, readingState } from './channel-overviews.ts';
import { empty, type Queryable, type Sql, sql } from './database.ts';
import { canManage, isVisibleGuild, type Sight, visibleChannels } from './sight.ts';

/** What lists of guilds show: rows with their counts, of what these eyes see. Nothing here writes. */

/** A bot that needs no sharding is in fewer. */
const MAX_GUILDS = 2_500;

export type GuildOverview = {
  guild_id: string;
  name: string;
  icon: string | null;
  can_manage: boolean;
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

export function listGuildOverviews(db: Queryable, sight: Sight): Promise<GuildOverview[]> {
  return db.query<GuildOverview>(guildOverviews(sight, null));
}

export async function findGuildOverview(
  db: Queryable,
  sight: Sight,
  guildId: string,
): Promise<GuildOverview | null> {
  const rows = await db.query<GuildOverview>(guildOverviews(sight, guildId));
  return rows[0] ?? null;
}

/** Channels with the most messages first: most guilds have so many videos in a few of them that counting stops there. */
function guildOverviews(sight: Sight, guildId: string | null): Sql {
  return sql`
    with seen as materialized (
      ${visibleChannels(sight, guildId === null ? sql`true` : sql`r.guild_id = ${guildId}`)}
    ),
    channels as materialized (
      select
        c.guild_id,
        count(reading.state)::int as channel_count,
        count(*) filter (where reading.state <> 'off')::int as reading_count,
        sum(c.message_count)::text as message_count,
        count(*) filter (where reading.state = 'unread')::int as unread_count,
        count(*) filter (where reading.state = 'waiting')::int as waiting_count,
        count(*) filter (where reading.state = 'scanning')::int as scanning_count,
        count(*) filter (where reading.state = 'read')::int as read_count,
        count(*) filter (where reading.state = 'failed')::int as failed_count,
        array_agg(c.channel_id order by c.message_count desc) as channel_ids
      from seen
      join bot_channels c on c.channel_id = seen.channel_id
      cross join lateral ${readingState} reading
      group by c.guild_id
    )
    select
      g.guild_id, g.name, g.icon, ${canManage(sight, sql`g.guild_id`)} as can_manage,
      coalesce(channels.channel_count, 0) as channel_count,
      coalesce(channels.reading_count, 0) as reading_count,
      coalesce(channels.message_count, '0') as message_count,
      coalesce(channels.unread_count, 0) as unread_count,
      coalesce(channels.waiting_count, 0) as waiting_count,
      coalesce(channels.scanning_count, 0) as scanning_count,
      coalesce(channels.read_count, 0) as read_count,
      coalesce(channels.failed_count, 0) as failed_count,
      videos.video_count
    from bot_guilds g
    left join channels on channels.guild_id = g.guild_id
    cross join lateral (
      select count(*)::int as video_count
      from (
        select
        from unnest(channels.channel_ids) as one (channel_id)
        cross join lateral (
          select from videos v
          where v.channel_id = one.channel_id and v.is_video and v.deleted_at is null
          limit ${MAX_COUNTED}
        ) v
        limit ${MAX_COUNTED}
      ) counted
    ) videos
    where ${isVisibleGuild(sight, sql`g.guild_id`)}
      ${guildId === null ? empty : sql`and g.guild_id = ${guildId}`}
    order by lower(g.name), g.guild_id
    limit ${MAX_GUILDS}
  `;
}
