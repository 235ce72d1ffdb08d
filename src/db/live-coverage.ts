import { type Queryable, type Sql, sql } from './database.ts';

/**
 * How long after its creation a message may still be delivered behind one that was created later. Discord's machines
 * make ids each by itself; in practice neighbours swap within milliseconds. A message that is later by more is stored,
 * but not counted.
 */
export const SETTLE_MS = 5_000;

/** Below every id that could still come, once a message with this id (a bigint expression) was delivered. */
export function settledBelow(newestId: Sql): Sql {
  return sql`(((${newestId}) >> 22) - ${SETTLE_MS}) << 22`;
}

/**
 * Begins the stretches of channels that have just been made, where they are read: the session tells of every message that
 * will be posted there. Without it the first one would seem to have a hole below it.
 */
export async function beginLiveCoverage(
  db: Queryable,
  sessionId: string,
  newChannelIds: readonly string[],
): Promise<void> {
  await db.query(sql`
    insert into live_coverage (channel_id, session_id, first_message_id)
    select channel_id, ${sessionId}, channel_id::bigint -- the message that a post in a forum begins with has its id
    from channel_rules
    where channel_id = any(${newChannelIds}::text[]) and is_reading and is_open
    order by 1
    on conflict (channel_id) do nothing`);
}

/**
 * Claims the stretches of a session up to their newest messages where those were written at least so long ago; to be
 * called only when everything that Discord had dispatched by then has been committed.
 */
export async function settleLiveCoverage(db: Queryable, sessionId: string, ageSecs: number): Promise<void> {
  await db.query(sql`
    with ripe as materialized (
      select live.channel_id, int8range(first_message_id, greatest(first_message_id, newest_message_id + 1)) as stretch
      from live_coverage live
      join scan_coverage coverage on coverage.channel_id = live.channel_id
      where live.session_id = ${sessionId} and not live.is_settled
        and live.written_at < now() - make_interval(secs => ${ageSecs})
      order by live.channel_id -- one order of locks for all writers
      for update of coverage, live
    ),
    marked as (
      update live_coverage live set is_settled = true from ripe where live.channel_id = ripe.channel_id
    )
    update scan_coverage coverage set scanned = coverage.scanned + int8multirange(ripe.stretch)
    from ripe
    where coverage.channel_id = ripe.channel_id`);
}

/**
 * Ends the gap-free stretch of channels whose live messages may have been missed (permissions changed, outage):
 * the next message begins a new one, and what lies between is a hole. Without `channelIds`, the whole guild's.
 */
export async function breakLiveCoverage(
  db: Queryable,
  guildId: string,
  channelIds: readonly string[] | null = null,
): Promise<void> {
  if (channelIds?.length === 0) return;
  await db.query(sql`
    delete from live_coverage
    using bot_channels c
    where live_coverage.channel_id = c.channel_id and c.guild_id = ${guildId}
      and (${channelIds}::text[] is null or c.channel_id = any(${channelIds}::text[]))`);
}
