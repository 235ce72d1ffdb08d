import { containerTypes } from './channel-types.ts';
import { empty, type Queryable, type Sql, sql } from './database.ts';

/**
 * Channels of a guild that could be scanned now, those never scanned first, then the longest ago: they are being
 * read, hold messages, may be shown, and have no unfinished run.
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
      and coalesce(channel.type, '') <> all(${containerTypes}::text[])
      and exists (select from channel_rules r where r.channel_id = channel.channel_id and r.is_open)
      and not exists (
        select from bot_channel_scan_runs run
        where run.channel_id = channel.channel_id and run.status in ('queued', 'running')
      )
    ${order}
    limit ${limit}`;
}
