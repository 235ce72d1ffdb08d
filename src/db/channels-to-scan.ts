import { isAutoScanned } from './auto-scan.ts';
import { containerTypes, threadTypes } from './channel-types.ts';
import { empty, type Queryable, type Sql, sql } from './database.ts';
import { passingReasons } from './scan-run-reasons.ts';

/**
 * Channels of a guild, threads apart, that could be scanned now, those never scanned first, then the longest ago: they
 * are being read, hold messages, may be shown, have no unfinished run, and were not found closed to the bot just now, as
 * Discord counts what it refuses. (What comes into the bot's sight is scanned by itself.)
 *
 * The index `idx_bot_channels_work` holds nulls last, so "nulls first" over all of it would be a sort of the whole
 * guild. Each half is read in the index's own order and ends at the limit; only what they answer is sorted.
 */
export async function findChannelsToScan(db: Queryable, guildId: string, limit: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select channel_id as id
    from (
      (${scannable(guildId, sql`channel.last_scanned_at is null`, empty, limit)})
      union all
      (${scannable(
        guildId,
        sql`channel.last_scanned_at is not null`,
        sql`order by channel.last_scanned_at`,
        limit,
      )})
    ) work
    order by last_scanned_at nulls first, channel_id::numeric
    limit ${limit}`);
  return rows.map((row) => row.id);
}

function scannable(guildId: string, half: Sql, order: Sql, limit: number): Sql {
  return sql`
    select channel.channel_id, channel.last_scanned_at
    from bot_channels channel
    where channel.guild_id = ${guildId}
      and channel.is_reading
      and ${half}
      and coalesce(channel.type, '') <> all(${[...containerTypes, ...threadTypes]}::text[])
      and exists (select from channel_rules r where r.channel_id = channel.channel_id and r.is_open)
      and not exists (
        select from bot_channel_scan_runs run
        where run.channel_id = channel.channel_id and run.status in ('queued', 'running')
      )
      and not exists (
        select from bot_channel_scan_runs run
        join scan_run_walks walk on walk.run_id = run.id
        where run.channel_id = channel.channel_id and run.status = 'failed'
          and run.finished_at > now() - make_interval(secs => ${CLOSED_SECS})
          and walk.reason in ('missing_access', 'no_history_permission')
      )
    ${order}
    limit ${limit}`;
}

/** As long as Discord remembers what it refused. */
const CLOSED_SECS = 600;

/** What is to be scanned of a thread; `afterMessageId` null: all of its history. */
export type ThreadToScan = { channelId: string; afterMessageId: string | null; isFirst: boolean };

/**
 * Threads whose last message is not covered, or that were never scanned, the newest first; of all that hang on some
 * channels, or of some threads. `auto_scan` and the failure of an earlier scan count unless a person asks.
 * A history that was read to its start has the lowest id covered; an empty one has nothing to cover, but a run.
 */
export async function findThreadsToScan(
  db: Queryable,
  where: { parentIds: readonly string[] } | { threadIds: readonly string[] },
  requestedBy: 'person' | 'auto',
  limit: number,
): Promise<ThreadToScan[]> {
  const isPerson = requestedBy === 'person';
  const isGiven =
    'parentIds' in where
      ? sql`access.parent_id = any(${where.parentIds}::text[])`
      : sql`access.channel_id = any(${where.threadIds}::text[])`;
  const rows = await db.query<{ id: string; after_id: string | null; is_first: boolean }>(sql`
    select thread.channel_id as id, covered.is_first,
      case when not covered.is_first then upper(coverage.scanned) - 1 end as after_id
    from channel_access access
    join bot_channels thread on thread.channel_id = access.channel_id and thread.type = any(${threadTypes}::text[])
    join channel_rules rules on rules.channel_id = thread.channel_id
    left join covered_ids coverage on coverage.channel_id = thread.channel_id
    cross join lateral (
      select not coalesce(coverage.scanned @> 1::bigint, false)
        and (${isPerson} or ${isAutoScanned})
        and not exists (
          select from bot_channel_scan_runs run
          left join scan_run_walks walk on walk.run_id = run.id
          where run.channel_id = thread.channel_id
            and case run.status
              when 'succeeded' then run.after_message_id is null
              else not ${isPerson} and coalesce(walk.reason <> all(${passingReasons}::text[]), true)
            end
        ) as is_first
    ) covered
    where ${isGiven}
      and rules.is_reading and rules.is_open
      and (
        covered.is_first
        or coverage.scanned <> '{}' and not coverage.scanned @> access.newest_message_id
      )
      and not exists (
        select from bot_channel_scan_runs run
        where run.channel_id = thread.channel_id and run.status in ('queued', 'running')
      )
    order by thread.channel_id::numeric desc
    limit ${limit}`);
  return rows.map((row) => ({ channelId: row.id, afterMessageId: row.after_id, isFirst: row.is_first }));
}
