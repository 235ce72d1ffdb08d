import { containerTypes, threadTypes } from './channel-types.ts';
import { type Queryable, type Sql, sql } from './database.ts';
import { settledBelow } from './live-coverage.ts';
import { isVisibleChannel, type Sight, seesChannel } from './sight.ts';
import { countSkippedFiles, type SkippedCounts } from './skipped-files.ts';
import { snowflakeTime, snowflakeYear } from './snowflake-time.ts';

/*
 * What coverage says to people. The line of a channel goes from its beginning to the newest message that Discord has
 * told us of (while messages are on their way: to a few seconds below it). It is complete when all of it is covered.
 */

/** A live gateway session is touched once a minute; one that was not for so long does not follow the channel. */
const FOLLOWED_WITHIN_SECS = 180;

export type ChannelCoverage = {
  channelId: string;
  channelName: string | null;
  guildId: string;
  guildName: string;
  /** The channel that a thread hangs on; null: it is no thread. */
  threadOf: string | null;
  isReading: boolean;
  /** New messages are read as they are posted: as far as we know, Discord shows us the channel. */
  isFollowed: boolean;
  /** `complete`: no message from the beginning to `coveredTo` is missing; `unread`: nothing is covered. */
  state: 'complete' | 'partial' | 'unread';
  /** The newest message up to which the channel is judged; null: none is known. */
  coveredTo: Date | null;
  /** From when on no message up to `coveredTo` is missing; null: from the beginning, or (see `state`) not at all. */
  gapFreeSince: Date | null;
  holeCount: number;
  messageCount: bigint;
};

/** A part that is not covered. Ids are exclusive bounds, as a run takes them; `from` null: the channel's beginning. */
export type CoverageHole = {
  from: Date | null;
  to: Date;
  afterMessageId: string | null;
  beforeMessageId: string;
};

/** Year null: messages that were processed before years were counted. */
export type CoverageYear = { year: number | null; messageCount: bigint; videoCount: number };

export type CoverageReport = ChannelCoverage & {
  /** Newest first; not all of them when `holeCount` says more. */
  holes: CoverageHole[];
  years: CoverageYear[];
  /** Files that Discord described too badly to be kept. */
  skippedFiles: SkippedCounts;
};

type CoverageRow = Omit<ChannelCoverage, 'messageCount'> & { messageCount: string };

/** Of one channel in full, with at most `maxHoles` holes. Null: it is not here, not seen, or holds no messages. */
export async function getCoverageReport(
  db: Queryable,
  sight: Sight,
  channelId: string,
  maxHoles: number,
): Promise<CoverageReport | null> {
  const [row] = await db.query<CoverageRow>(
    coverageOf(sql`c.channel_id = ${channelId} and ${seesChannel(sight, sql`c.channel_id`)}`, 1),
  );
  if (!row) return null;
  const [holes, years, skippedFiles] = await Promise.all([
    listHoles(db, channelId, maxHoles),
    listYears(db, channelId),
    countSkippedFiles(db, sight, { channelId }),
  ]);
  return { ...toCoverage(row), holes, years, skippedFiles };
}

/** Of the channels of a guild that hold messages and are seen, in Discord's order, threads below their channel. */
export async function listCoverage(
  db: Queryable,
  sight: Sight,
  guildId: string,
  maxChannels: number,
): Promise<ChannelCoverage[]> {
  const rows = await db.query<CoverageRow>(
    coverageOf(
      sql`
        c.guild_id = ${guildId}
        and ${isVisibleChannel(sight, sql`c.channel_id`, sql`r.guild_id = ${guildId}`)}`,
      maxChannels,
    ),
  );
  return rows.map(toCoverage);
}

function toCoverage(row: CoverageRow): ChannelCoverage {
  return { ...row, messageCount: BigInt(row.messageCount) };
}

/** A channel without a message is complete when a run has looked. */
function coverageOf(isWanted: Sql, limit: number): Sql {
  return sql`
    select
      line.channel_id as "channelId", line.name as "channelName", line.guild_id as "guildId",
      guild.name as "guildName", line.thread_of as "threadOf", line.is_reading as "isReading",
      line.is_reading and looked.is_visible and follows.is_followed as "isFollowed",
      case
        when isempty(line.holes) and (line.top is not null or looked.is_empty) then 'complete'
        when isempty(line.scanned) then 'unread'
        else 'partial'
      end as state,
      ${snowflakeTime(sql`line.top`)} as "coveredTo",
      (
        select ${snowflakeTime(sql`lower(r)`)} from unnest(line.scanned) r where r @> line.top and lower(r) > 1
      ) as "gapFreeSince",
      (select count(*)::int from unnest(line.holes)) as "holeCount",
      line.message_count as "messageCount"
    from (${channelLines}) line
    join bot_channels c on c.channel_id = line.channel_id
    join bot_guilds guild on guild.guild_id = line.guild_id
    cross join lateral (
      select exists (
        select from bot_channel_scan_runs run
        join scan_run_walks walk on walk.run_id = run.id
        where run.channel_id = line.channel_id and run.status = 'succeeded' and walk.reason = 'start_reached'
          and run.before_message_id is null
      ) as is_empty,
      (
        select coalesce(walk.reason, '') <> 'missing_access'
        from (select 1) one
        left join lateral (
          select id from bot_channel_scan_runs run
          where run.channel_id = line.channel_id and run.status in ('succeeded', 'failed')
          order by run.created_at desc
          limit 1
        ) newest on true
        left join scan_run_walks walk on walk.run_id = newest.id
      ) as is_visible
    ) looked
    cross join lateral (
      select exists (
        select from gateway_sessions session
        where session.shard_id = (line.guild_id::bigint >> 22) % session.shard_count
          and session.updated_at > now() - make_interval(secs => ${FOLLOWED_WITHIN_SECS})
      ) as is_followed
    ) follows
    where ${isWanted}
    order by line.position, lower(line.place_name), coalesce(line.thread_of, line.channel_id),
      line.thread_of is not null, line.channel_id::bigint desc
    limit ${limit}`;
}

async function listHoles(db: Queryable, channelId: string, limit: number): Promise<CoverageHole[]> {
  return db.query<CoverageHole>(sql`
    select
      case when lower(hole) > 1 then ${snowflakeTime(sql`lower(hole)`)} end as "from",
      ${snowflakeTime(sql`upper(hole)`)} as "to",
      case when lower(hole) > 1 then (lower(hole) - 1)::text end as "afterMessageId",
      upper(hole)::text as "beforeMessageId"
    from (${channelLines}) line
    cross join unnest(line.holes) hole
    where line.channel_id = ${channelId}
    order by hole desc
    limit ${limit}`);
}

async function listYears(db: Queryable, channelId: string): Promise<CoverageYear[]> {
  const rows = await db.query<{ year: number; messages: string; videos: number }>(sql`
    with found as (
      select ${snowflakeYear(sql`message_id`)} as year, count(*)::int as videos
      from videos
      where channel_id = ${channelId} and is_video and deleted_at is null
      group by 1
    )
    select
      coalesce(counted.year, found.year) as year,
      coalesce(counted.message_count, 0) as messages,
      coalesce(found.videos, 0) as videos
    from (select year, message_count from channel_years where channel_id = ${channelId}) counted
    full join found on found.year = counted.year
    order by 1 desc`);
  return rows.map(({ year, messages, videos }) => ({
    year: year === 0 ? null : year,
    messageCount: BigInt(messages),
    videoCount: videos,
  }));
}

const channelLines = sql`
  select
    told.*, coalesce(coverage.scanned, '{}') as scanned,
    case when told.top is null then '{}'
      else int8multirange(int8range(1, told.top + 1)) - coalesce(coverage.scanned, '{}')
    end as holes
  from (
    select
      c.channel_id, c.guild_id, c.name, c.is_reading, c.message_count,
      parent.channel_id as thread_of, coalesce(parent_access.position, access.position, 0) as position,
      coalesce(parent.name, c.name) as place_name,
      case
        when live.is_settled is not false then greatest(c.last_message_id::bigint, access.newest_message_id)
        else least(
          greatest(c.last_message_id::bigint, access.newest_message_id),
          ${settledBelow(sql`live.newest_message_id`)}
        )
      end as top
    from bot_channels c
    join channel_rules rules on rules.channel_id = c.channel_id and rules.is_open
    left join channel_access access on access.channel_id = c.channel_id
    left join bot_channels parent
      on parent.channel_id = access.parent_id and c.type = any (${threadTypes}::text[])
    left join channel_access parent_access on parent_access.channel_id = parent.channel_id
    left join live_coverage live on live.channel_id = c.channel_id
    where c.type is null or c.type <> all (${containerTypes}::text[])
  ) told
  left join covered_ids coverage on coverage.channel_id = told.channel_id`;
