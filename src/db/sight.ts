import { type Queryable, type Sql, sql } from './database.ts';

/**
 * Through whose eyes a statement looks: every statement that feeds a page, the API or a list takes one, and what these
 * eyes do not see does not exist in its answer. The command line and operators see everything.
 *
 * What a viewer sees was computed before (`viewer_channels`). It counts only as long as nothing that it was computed
 * from has changed and its time is not up: otherwise it shows nothing until it is computed again.
 */
export type Sight = { userId: string } | 'everything';

/** A select of the ids of the open channels and threads that these eyes see, of those alone that `isWanted` of `r`. */
export function visibleChannels(sight: Sight, isWanted: Sql = sql`true`): Sql {
  if (sight === 'everything')
    return sql`select r.channel_id from channel_rules r where r.is_open and ${isWanted}`;
  return sql`
    with sight as materialized (${validSights(sight.userId)}),
    listed as materialized (select unnest(channel_ids) as channel_id from sight)
    select r.channel_id
    from channel_rules r
    join bot_channels shown_one on shown_one.channel_id = r.channel_id
    where r.is_open
      and r.guild_id = any (array(select guild_id from sight))
      and ${isListed(sql`shown_one.type`, (id) => sql`${id} in (select channel_id from listed)`)}
      and ${isWanted}`;
}

/**
 * The same of one channel: no more than its guild is looked into, and nothing is prepared for further ones.
 * @throws RangeError `channelId` names a table as one in here is named, which would stand for it.
 */
export function visibleChannel(sight: Sight, channelId: Sql): Sql {
  if (innerNames.test(channelId.text)) throw new RangeError(`${channelId.text} means something else in here`);
  const isWanted = sql`r.channel_id = ${channelId}`;
  if (sight === 'everything') return visibleChannels(sight, isWanted);
  const type = sql`(select shown_one.type from bot_channels shown_one where shown_one.channel_id = r.channel_id)`;
  return sql`
    with sight as materialized (${validSights(sight.userId)})
    select r.channel_id
    from channel_rules r
    join sight on sight.guild_id = r.guild_id
    where r.is_open and ${isListed(type, (id) => sql`${id} = any (sight.channel_ids)`)} and ${isWanted}`;
}

const innerNames = /\b(r|sight|shown_one|seen|now_is|departure)\./;

/** Whoever sees the channel of a thread sees the thread; only private ones are listed by themselves. */
function isListed(type: Sql, has: (id: Sql) => Sql): Sql {
  return sql`(
    ${has(sql`r.channel_id`)}
    or ${has(sql`r.parent_id`)} and ${type} = any (${unlistedThreadTypes}::text[])
  )`;
}

const unlistedThreadTypes = ['announcement_thread', 'public_thread'];

/**
 * SQL: whether these eyes see the channel. For statements that look at many rows: what the eyes see, as far as `isWanted`
 * of `r`, is computed once, before the first. The `is true` keeps PostgreSQL from joining or searching by it instead.
 */
export function isVisibleChannel(sight: Sight, column: Sql, isWanted?: Sql): Sql {
  return sql`(${column} in (${visibleChannels(sight, isWanted)})) is true`;
}

/** The same for statements that look at few rows, or stop soon: each row is looked up by itself, and nothing before. */
export function seesChannel(sight: Sight, column: Sql): Sql {
  return sql`(${visibleChannel(sight, column)}) is not null`;
}

/** SQL: whether these eyes see the guild: also one of whose channels they see none. */
export function isVisibleGuild(sight: Sight, column: Sql): Sql {
  if (sight !== 'everything') {
    return sql`${column} = any (array(select guild_id from (${validSights(sight.userId)}) sight))`;
  }
  return sql`(${column} in (select guild_id from guild_departures)) is not true`;
}

/** SQL: whether whoever looks may manage the guild, as far as lists say so. To act, `mayManage` must agree. */
export function canManage(sight: Sight, column: Sql): Sql {
  if (sight === 'everything') return sql`true`;
  return sql`${column} = any (array(select guild_id from (${validSights(sight.userId)}) sight where can_manage))`;
}

/** Of each guild that the viewer sees: `channel_ids`, which lack threads that follow their channel, and `can_manage`. */
export function validSights(userId: string): Sql {
  return sql`
    select seen.guild_id, seen.channel_ids, seen.can_manage
    from viewer_channels seen
    left join guild_access_versions now_is on now_is.guild_id = seen.guild_id
    where seen.user_id = ${userId}
      and seen.access_version = coalesce(now_is.version, 0)
      and seen.valid_until > now()
      and not exists (select from guild_departures departure where departure.guild_id = seen.guild_id)`;
}

/** False for what is unknown as for what is not seen. */
export async function canSeeGuild(db: Queryable, sight: Sight, guildId: string): Promise<boolean> {
  const rows = await db.query(sql`
    select from bot_guilds g where g.guild_id = ${guildId} and ${isVisibleGuild(sight, sql`g.guild_id`)}`);
  return rows.length > 0;
}

/** As `canSeeGuild`; a channel that may not be shown is seen by nobody. */
export async function canSeeChannel(db: Queryable, sight: Sight, channelId: string): Promise<boolean> {
  return (await db.query(visibleChannel(sight, sql`${channelId}`))).length > 0;
}

/** Those of the channels that these eyes see, in any order. */
export async function filterSeenChannels(
  db: Queryable,
  sight: Sight,
  channelIds: readonly string[],
): Promise<string[]> {
  const rows = await db.query<{ channel_id: string }>(
    visibleChannels(sight, sql`r.channel_id = any(${channelIds}::text[])`),
  );
  return rows.map((row) => row.channel_id);
}
