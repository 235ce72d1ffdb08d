import { countedExtension, countedFormats, countsAsVideo } from './counted-formats.ts';
import { empty, type Queryable, type Sql, sql } from './database.ts';
import type { VideoPlace } from './videos-list.ts';

/** A guild, or one of its channels with the threads in it. */
export type VideosOf = { guildId: string } | { channelId: string };

export type ReevaluatedVideos = {
  /** How many count now and did not before, or the other way round, or by another format. */
  changed: number;
  /** The last one looked at; null when there were none. */
  last: VideoPlace | null;
};

/**
 * Decides for the stored files after `after` (newest first, `limit` at most) once more whether they count, by the
 * settings that hold now. Doing it again changes nothing.
 */
export async function reevaluateVideos(
  db: Queryable,
  where: VideosOf,
  after: VideoPlace | null,
  limit: number,
): Promise<ReevaluatedVideos> {
  const rows = await db.query<{ changed: number; message_id: string; id: string }>(sql`
    with batch as materialized (
      select v.message_id, v.id, v.channel_id
      from videos v
      where ${isConcerned(where)}
        ${after === null ? empty : sql`and (v.message_id, v.id) < (${after.messageId}::bigint, ${after.id})`}
      order by v.message_id desc, v.id desc
      limit ${limit}
    ),
    rules as materialized (
      select r.channel_id, ${countedFormats(sql`r.own_settings`)} as formats
      from channel_rules r
      where r.channel_id in (select channel_id from batch)
    ),
    changing as materialized (
      select v.message_id, v.id, rules.formats
      from batch
      join videos v on v.message_id = batch.message_id and v.id = batch.id
      join rules on rules.channel_id = v.channel_id
      where (v.is_video, v.extension) is distinct from (
        ${countsAsVideo(sql`v.formats`, sql`rules.formats`)}, ${countedExtension(sql`v.formats`, sql`rules.formats`)}
      )
      order by v.message_id, v.id -- one order of locks for all writers
      for update of v
    ),
    changed as (
      update videos v set
        is_video = ${countsAsVideo(sql`v.formats`, sql`changing.formats`)},
        extension = ${countedExtension(sql`v.formats`, sql`changing.formats`)}
      from changing
      where v.message_id = changing.message_id and v.id = changing.id
      returning v.id
    )
    select (select count(*) from changed)::int as changed, message_id, id
    from batch
    order by message_id, id
    limit 1`);
  const [last] = rows;
  return last
    ? { changed: last.changed, last: { messageId: last.message_id, id: last.id } }
    : { changed: 0, last: null };
}

function isConcerned(where: VideosOf): Sql {
  if ('guildId' in where) return sql`v.guild_id = ${where.guildId}`;
  return sql`v.channel_id = any (array(
    select r.channel_id from channel_rules r
    where r.channel_id = ${where.channelId} or r.parent_id = ${where.channelId}))`;
}

/**
 * The transactions that are writing videos at this moment. PostgreSQL locks a table for a statement before the statement
 * takes its view of the data. So once those that are told here have ended, all videos that were decided by settings
 * from before this call are there to be seen, and whoever writes later sees the settings from before this call, too.
 */
export async function listVideoWriters(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select distinct virtualtransaction as id
    from pg_locks
    where locktype = 'relation' and relation = 'videos'::regclass and mode = 'RowExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())
      and pid <> pg_backend_pid()`);
  return rows.map((row) => row.id);
}
