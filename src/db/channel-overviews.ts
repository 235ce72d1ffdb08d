import { containerTypes, forumTypes, threadTypes } from './channel-types.ts';
import { type Queryable, type Sql, sql } from './database.ts';
import { type Sight, visibleChannel, visibleChannels } from './sight.ts';

/** What lists of channels and threads show: rows with their counts, of those alone that these eyes see. Nothing here writes. */

/** Counting stops here: an exact count of a million rows costs 90 ms, this one below 1 ms. */
export const MAX_COUNTED = 1_000;
/** Discord allows 500 in a guild. */
const MAX_CHANNELS = 2_000;

export type ChannelOverview = {
  channel_id: string;
  guild_id: string;
  parent_id: string | null;
  name: string | null;
  type: string | null;
  is_age_restricted: boolean;
  is_reading: boolean;
  message_count: string;
  /** Of a forum or media channel: in its threads. */
  video_count: number;
  thread_count: number;
  /** Null for containers, which hold no messages of their own. */
  state: 'off' | 'unread' | 'waiting' | 'scanning' | 'read' | 'failed' | null;
  last_scanned_at: Date | null;
  last_activity_at: Date | null;
};

/** The channels of a guild in Discord's order. Threads hang on them, but for those whose channel is not known. */
export function listChannelOverviews(
  db: Queryable,
  sight: Sight,
  guildId: string,
): Promise<ChannelOverview[]> {
  return db.query<ChannelOverview>(sql`
    ${channelOverviews(sight, sql`r.guild_id = ${guildId}`, sql`r.guild_id = ${guildId}`)}
    where (
      ${isThread(sql`c`)} is not true
      or not exists (select from bot_channels parent where parent.channel_id = r.parent_id)
    )
    order by ${isThread(sql`c`)} is true, coalesce(a.position, 0), lower(c.name), c.channel_id
    limit ${MAX_CHANNELS}
  `);
}

/** The threads of a channel, the newest first, or those that are older than the thread `before`. */
export function listThreadOverviews(
  db: Queryable,
  sight: Sight,
  channelId: string,
  page: { before?: string | undefined; limit: number },
): Promise<ChannelOverview[]> {
  return db.query<ChannelOverview>(sql`
    ${channelOverviews(sight, sql`r.parent_id = ${channelId}`, sql`false`)}
    where c.channel_id in (
      select thread.channel_id
      from shown join bot_channels thread on thread.channel_id = shown.channel_id
      where ${isThread(sql`thread`)}
        and (${page.before ?? null}::bigint is null or thread.channel_id::bigint < ${page.before ?? null}::bigint)
      order by thread.channel_id::bigint desc
      limit ${page.limit}
    )
    order by c.channel_id::bigint desc
  `);
}

export async function findChannelOverview(
  db: Queryable,
  sight: Sight,
  channelId: string,
): Promise<ChannelOverview | null> {
  const rows = await db.query<ChannelOverview>(
    channelOverviews(sight, sql`r.channel_id = ${channelId}`, sql`r.parent_id = ${channelId}`),
  );
  return rows[0] ?? null;
}

function isThread(channel: Sql): Sql {
  return sql`${channel}.type = any (${threadTypes}::text[])`;
}

/** Of channel `c`: its newest run tells, canceled ones aside, which changed nothing. */
export const readingState = sql`(
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

/**
 * `areShown` and `areThreads` are conditions on `r`. The threads that channels are counted with are looked up all at once:
 * one by one, thousands would take seconds.
 */
function channelOverviews(sight: Sight, areShown: Sql, areThreads: Sql): Sql {
  return sql`
    with shown as materialized (${visibleChannels(sight, areShown)}),
    threads as materialized (
      select access.parent_id, array_agg(thread.channel_id) as channel_ids
      from (${visibleChannels(sight, areThreads)}) seen
      join bot_channels thread on thread.channel_id = seen.channel_id
      join channel_access access on access.channel_id = seen.channel_id
      where ${isThread(sql`thread`)}
      group by access.parent_id
    )
    select
      c.channel_id, c.guild_id, ${seenParent(sight)} as parent_id, c.name, c.type, r.is_age_restricted, c.is_reading,
      c.message_count, videos.video_count, coalesce(cardinality(threads.channel_ids), 0) as thread_count,
      reading.state, c.last_scanned_at, c.last_activity_at
    from shown
    join bot_channels c on c.channel_id = shown.channel_id
    join channel_rules r on r.channel_id = c.channel_id
    left join channel_access a on a.channel_id = c.channel_id
    left join threads on threads.parent_id = c.channel_id
    cross join lateral ${readingState} reading
    cross join lateral (
      select count(*)::int as video_count
      from (
        select from videos v
        where v.channel_id = any (
            case when c.type = any (${forumTypes}::text[]) then threads.channel_ids else array[c.channel_id] end
          )
          and v.is_video and v.deleted_at is null
        limit ${MAX_COUNTED}
      ) counted
    ) videos
  `;
}

/** A category may be hidden from those who see a channel in it. */
function seenParent(sight: Sight): Sql {
  if (sight === 'everything') return sql`r.parent_id`;
  return sql`(${visibleChannel(sight, sql`a.parent_id`)})`;
}
