import { empty, type Queryable, type Sql, sql } from './database.ts';
import { isVisibleGuild, type Sight, seesChannel, visibleChannels } from './sight.ts';
import { hasWords } from './video-search.ts';

/*
 * Which videos stand on a page, newest first, of those that somebody sees. Two ways lead there:
 *
 * near: the newest so many of all videos are gone through, and each that might be shown is looked up, until the page is
 *   full. That costs a page alone, in a library of any size, where the viewer sees a fair part of what is posted.
 * far: each channel that is seen brings its newest, and the newest of these make the page. That costs as many steps as
 *   there are such channels, and nothing for what is not seen. It is gone where the other way did not fill the page.
 *
 * Where words are looked for, a third way comes first:
 *
 * found: all videos that have the words, if they are few, and of these the ones that are seen.
 */

/** A video's place in the list: unique, and newest first in descending order. */
export type VideoPlace = { messageId: string; id: string };

/** All, or those of a guild, a channel, or a forum's threads, and of these those that have all of the words. */
export type VideoScope = {
  guildId?: string | undefined;
  channelId?: string | undefined;
  forumId?: string | undefined;
  words?: readonly string[] | undefined;
};

/** Part of the list: below `after`, down to `downTo` (inclusive). */
export type VideoStretch = { after?: VideoPlace | undefined; downTo?: VideoPlace | undefined };

/** Videos that the near way goes through at most: enough for a page where the viewer sees one in forty. */
const NEAR_VIDEOS = 2_000;
/** Videos that have the words and are looked up one by one at most. */
const FEW_FOUND = 2_000;

/**
 * The first `limit` rows of what `select` makes of the videos that are seen (a select of `message_id` and `id`, in order).
 */
export async function readVideoPage<Row extends object>(
  db: Queryable,
  sight: Sight,
  scope: VideoScope,
  page: VideoStretch & { limit: number },
  select: (picked: Sql) => Sql,
): Promise<Row[]> {
  const { limit } = page;
  if (await areFewFound(db, scope, page)) return db.query<Row>(select(pickFound(sight, scope, page, limit)));
  // Of a forum only its posts are wanted, whose videos stand nowhere together.
  if (scope.forumId === undefined) {
    const near = await db.query<Row>(select(pickNear(sight, scope, page, limit)));
    if (near.length === limit || !(await isBeyondNear(db, scope, page))) return near;
  }
  return db.query<Row>(select(pickFar(sight, scope, page, limit)));
}

/** How many videos are seen, at most `limit`. The far way needs no order here, and ends as soon as there are so many. */
export async function countVideoPage(
  db: Queryable,
  sight: Sight,
  scope: VideoScope,
  page: VideoStretch & { limit: number },
): Promise<number> {
  const { limit } = page;
  const count = async (picked: Sql) => {
    const [row] = await db.query<{ count: number }>(
      sql`select count(*)::int as count from (${picked}) picked`,
    );
    return row?.count ?? 0;
  };
  if (await areFewFound(db, scope, page)) return count(pickFound(sight, scope, page, limit));
  if (scope.forumId === undefined) {
    const near = await count(pickNear(sight, scope, page, limit));
    if (near === limit || !(await isBeyondNear(db, scope, page))) return near;
  }
  return count(sql`${ofSeenChannels(sight, scope, page, limit)} limit ${limit}`);
}

/** Materialized, or PostgreSQL goes through all videos in the hope of meeting enough that have the words. */
function foundVideos(scope: VideoScope, stretch: VideoStretch): Sql {
  return sql`found as materialized (
    select v.message_id, v.id, v.guild_id, v.channel_id from videos v
    where ${isShown} and ${isWithin(scope, stretch)}
  )`;
}

async function areFewFound(db: Queryable, scope: VideoScope, stretch: VideoStretch): Promise<boolean> {
  if (scope.words === undefined) return false;
  const more = await db.query(sql`
    with ${foundVideos(scope, stretch)}
    select from found offset ${FEW_FOUND} limit 1`);
  return more.length === 0;
}

function pickFound(sight: Sight, scope: VideoScope, stretch: VideoStretch, limit: number): Sql {
  const isOfForum =
    scope.forumId === undefined
      ? sql`true`
      : sql`(select parent_id from channel_access where channel_id = v.channel_id) = ${scope.forumId}`;
  return sql`
    with ${foundVideos(scope, stretch)}
    select v.message_id, v.id
    from found v
    where ${isOfForum} and ${isVisibleGuild(sight, sql`v.guild_id`)} and ${seesChannel(sight, sql`v.channel_id`)}
    order by v.message_id desc, v.id desc
    limit ${limit}`;
}

function pickNear(sight: Sight, scope: VideoScope, stretch: VideoStretch, limit: number): Sql {
  return sql`
    select v.message_id, v.id
    from (
      select * from videos v
      where ${isWithin(scope, stretch)}
      order by v.message_id desc, v.id desc
      limit ${NEAR_VIDEOS}
    ) v
    where ${isShown} and ${isVisibleGuild(sight, sql`v.guild_id`)} and ${seesChannel(sight, sql`v.channel_id`)}
    order by v.message_id desc, v.id desc
    limit ${limit}`;
}

async function isBeyondNear(db: Queryable, scope: VideoScope, stretch: VideoStretch): Promise<boolean> {
  const rows = await db.query(sql`
    select from videos v
    where ${isWithin(scope, stretch)}
    order by v.message_id desc, v.id desc
    offset ${NEAR_VIDEOS} limit 1`);
  return rows.length > 0;
}

function pickFar(sight: Sight, scope: VideoScope, stretch: VideoStretch, limit: number): Sql {
  return sql`
    ${ofSeenChannels(sight, scope, stretch, limit)}
    order by v.message_id desc, v.id desc
    limit ${limit}`;
}

/** The newest `limit` of each channel that is seen. */
function ofSeenChannels(
  sight: Sight,
  { guildId, channelId, forumId, words }: VideoScope,
  stretch: VideoStretch,
  limit: number,
): Sql {
  const isOfScope = sql`
    true
    ${guildId === undefined ? empty : sql`and r.guild_id = ${guildId}`}
    ${channelId === undefined ? empty : sql`and r.channel_id = ${channelId}`}
    ${forumId === undefined ? empty : sql`and r.parent_id = ${forumId}`}`;
  return sql`
    select v.message_id, v.id
    from (${visibleChannels(sight, isOfScope)}) seen
    cross join lateral (
      select v.message_id, v.id from videos v
      where v.channel_id = seen.channel_id and ${isShown} and ${isWithin({ words }, stretch)}
      order by v.message_id desc, v.id desc
      limit ${limit}
    ) v`;
}

/** Whatever is true of the channel. */
const isShown = sql`v.is_video and v.deleted_at is null`;

function isWithin({ guildId, channelId, words }: VideoScope, { after, downTo }: VideoStretch): Sql {
  return sql`
    true
    ${guildId === undefined ? empty : sql`and v.guild_id = ${guildId}`}
    ${channelId === undefined ? empty : sql`and v.channel_id = ${channelId}`}
    ${words === undefined ? empty : sql`and ${hasWords(words)}`}
    ${after === undefined ? empty : sql`and (v.message_id, v.id) < (${after.messageId}::bigint, ${after.id})`}
    ${downTo === undefined ? empty : sql`and (v.message_id, v.id) >= (${downTo.messageId}::bigint, ${downTo.id})`}`;
}
