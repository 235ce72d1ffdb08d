import { type IdRange, parseMultirange } from '../lib/ranges.ts';
import { type Queryable, sql } from './database.ts';

/** The message ids of the channel that are known to be fully processed. */
export async function getCoverage(db: Queryable, channelId: string): Promise<IdRange[]> {
  const rows = await db.query<{ scanned: string }>(sql`
    select scanned::text as scanned from scan_coverage where channel_id = ${channelId}`);
  return parseMultirange(rows[0]?.scanned ?? '{}');
}

/** Makes sure that the channel has a row of coverage, which pages then lock and extend. */
export async function ensureCoverage(db: Queryable, channelId: string): Promise<void> {
  await db.query(sql`
    insert into scan_coverage (channel_id) values (${channelId}) on conflict (channel_id) do nothing`);
}

/** A stretch of a channel that was missed; ids are exclusive bounds, as a run takes them. */
export type MissedStretch = { channelId: string; afterMessageId: string; beforeMessageId: string | null };

/**
 * What a restart or an outage left uncovered in channels that had been read before: the hole directly below the
 * first live message of the running session, or else everything above the coverage where Discord told of a newer
 * message. Channels with an unfinished run are left out; the run's end asks again. Costs no request.
 */
export async function findMissedStretches(
  db: Queryable,
  where: { guildId: string } | { channelIds: readonly string[] },
): Promise<MissedStretch[]> {
  const guildId = 'guildId' in where ? where.guildId : null;
  const channelIds = 'channelIds' in where ? where.channelIds : null;
  const rows = await db.query<{ channel_id: string; after_id: string; before_id: string | null }>(sql`
    select rules.channel_id, (below.top - 1)::text as after_id, missed.before_id::text as before_id
    from channel_rules rules
    join scan_coverage coverage on coverage.channel_id = rules.channel_id
    left join channel_access access on access.channel_id = rules.channel_id
    left join live_coverage live
      on live.channel_id = rules.channel_id
      and exists (select from unnest(coverage.scanned) r where lower(r) = live.first_message_id)
    cross join lateral (
      select case
        when live.channel_id is not null then live.first_message_id
      end as before_id
    ) missed
    cross join lateral (
      select max(upper(r)) as top from unnest(coverage.scanned) r
      where missed.before_id is null or upper(r) <= missed.before_id
    ) below
    where rules.is_reading and rules.is_open
      and (${guildId}::text is null or rules.guild_id = ${guildId})
      and (${channelIds}::text[] is null or rules.channel_id = any(${channelIds}::text[]))
      and below.top is not null
      and (missed.before_id is not null or access.newest_message_id >= below.top)
      and not exists (
        select from bot_channel_scan_runs r
        where r.channel_id = rules.channel_id and r.status in ('queued', 'running')
      )
    order by rules.channel_id`);
  return rows.map((row) => ({
    channelId: row.channel_id,
    afterMessageId: row.after_id,
    beforeMessageId: row.before_id,
  }));
}
