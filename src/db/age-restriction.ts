import { isAutoScanned } from './auto-scan.ts';
import { threadTypes } from './channel-types.ts';
import { preventedAfter } from './coverage.ts';
import { type Queryable, sql } from './database.ts';

/**
 * Channels that age restriction keeps from being read although nobody decided against it. `awaits_opening` remembers
 * them, so that reading begins, or goes on, when the restriction is gone or `scan_nsfw` is set.
 */

/** Channels of the guild that are read although they have become age-restricted. */
export async function findClosedReading(db: Queryable, guildId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select channel_id as id from channel_rules
    where guild_id = ${guildId} and is_reading and not is_open and not is_departed
    order by channel_id`);
  return rows.map((row) => row.id);
}

export async function noteAwaitingOpening(db: Queryable, channelIds: readonly string[]): Promise<void> {
  await db.query(sql`
    insert into channel_access (channel_id, awaits_opening)
    select channel_id, true from unnest(${channelIds}::text[]) as channel_id order by channel_id
    on conflict (channel_id) do update set awaits_opening = true`);
}

/** Of new channels: those that would be read were they not age-restricted. */
export async function noteNewAwaitingOpening(db: Queryable, channelIds: readonly string[]): Promise<void> {
  await db.query(sql`
    update channel_access access set awaits_opening = true
    from channel_rules rules
    join bot_channels c on c.channel_id = rules.channel_id
    left join channel_access parent on parent.channel_id = rules.parent_id
    where access.channel_id = rules.channel_id and rules.channel_id = any(${channelIds}::text[])
      and rules.is_age_restricted and not rules.is_open and not rules.is_departed
      and case
        when c.type = any(${threadTypes}::text[]) then parent.awaits_opening
        else c.type <> 'category' and ${isAutoScanned}
      end`);
}

/** Somebody decides about these channels, and the threads in them: from now on that counts. */
export async function forgetAwaitingOpening(db: Queryable, channelIds: readonly string[]): Promise<void> {
  await db.query(sql`
    update channel_access access set awaits_opening = false
    from bot_channels c
    where c.channel_id = access.channel_id and access.awaits_opening
      and (
        access.channel_id = any(${channelIds}::text[])
        or access.parent_id = any(${channelIds}::text[]) and c.type = any(${threadTypes}::text[])
      )`);
}

/** Channels of the guild that waited and may be read now; they are remembered no longer. */
export async function takeOpened(db: Queryable, guildId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    update channel_access access set awaits_opening = false
    from channel_rules rules
    where access.channel_id = rules.channel_id and access.awaits_opening
      and rules.guild_id = ${guildId} and rules.is_open
    returning access.channel_id as id`);
  return rows.map((row) => row.id);
}

/**
 * Behind which message the reading of each channel goes on, of those that have any covered: the newest one, or where an
 * earlier catch-up was kept from reading. Archived threads whose last message
 * is covered are left out: nothing is posted in them while they are archived, and there may be thousands.
 */
export async function listNewestCovered(
  db: Queryable,
  channelIds: readonly string[],
): Promise<{ channelId: string; messageId: string }[]> {
  return db.query<{ channelId: string; messageId: string }>(sql`
    select
      coverage.channel_id as "channelId",
      least(upper(coverage.scanned) - 1, ${preventedAfter(sql`coverage.scanned`)})::text as "messageId"
    from covered_ids coverage
    left join channel_access access on access.channel_id = coverage.channel_id
    where coverage.channel_id = any(${channelIds}::text[]) and not isempty(coverage.scanned)
      and not coalesce(access.archived_at is not null and coverage.scanned @> access.newest_message_id, false)
    order by coverage.channel_id`);
}
