import { empty, type Queryable, type Sql, sql } from './database.ts';

/**
 * Videos as lists and pages show them, newest first. Only what may be shown: channels that `channel_rules` calls open
 * and videos that were not deleted. Nothing here writes.
 */

/** Counting stops here; see `MAX_COUNTED_VIDEOS` in overview.ts. */
export const MAX_COUNTED_DOWN = 1_000;

/** A video's place in the list: unique, and newest first in descending order. */
export type VideoPlace = { messageId: string; id: string };

export type VideoScope = { guildId?: string | undefined; channelId?: string | undefined };

export type VideoItem = {
  message_id: string;
  id: string;
  channel_id: string;
  channel_name: string | null;
  guild_id: string;
  guild_name: string;
  author_id: string | null;
  author_username: string | null;
  author_global_name: string | null;
  author_avatar: string | null;
  posted_at: Date;
  filename: string;
  title: string | null;
  extension: string;
  content_type: string | null;
  /** bigint as text. */
  size_bytes: string | null;
  width: number | null;
  height: number | null;
  duration_secs: number | null;
  placeholder: string | null;
  is_spoiler: boolean;
  is_clip: boolean;
  source: 'attachment' | 'forward' | 'embed' | 'component';
  caption: string | null;
  found_by: 'live' | 'history' | 'index';
  has_poster: boolean;
};

/** The page after `after` (exclusive), or the first one. */
export function listVideos(
  db: Queryable,
  scope: VideoScope,
  page: { after?: VideoPlace | undefined; limit: number },
): Promise<VideoItem[]> {
  const { after } = page;
  return db.query<VideoItem>(sql`
    ${videoItems}
    where ${isShown(scope)}
      ${after === undefined ? empty : sql`and (v.message_id, v.id) < (${after.messageId}::bigint, ${after.id})`}
    order by v.message_id desc, v.id desc
    limit ${page.limit}
  `);
}

/** How many videos stand from the newest down to `downTo` (inclusive), or in all; at most MAX_COUNTED_DOWN. */
export async function countVideos(db: Queryable, scope: VideoScope, downTo?: VideoPlace): Promise<number> {
  const rows = await db.query<{ count: number }>(sql`
    select count(*)::int as count
    from (
      select from videos v
      where ${isShown(scope)}
        ${downTo === undefined ? empty : sql`and (v.message_id, v.id) >= (${downTo.messageId}::bigint, ${downTo.id})`}
      order by v.message_id desc, v.id desc
      limit ${MAX_COUNTED_DOWN}
    ) counted
  `);
  return rows[0]?.count ?? 0;
}

export type FoundVideo = { state: 'shown'; video: VideoItem } | { state: 'deleted' } | { state: 'unknown' };

/** A forward may carry the id of its original; the oldest that still exists stands for the file. */
export async function findVideo(db: Queryable, id: string): Promise<FoundVideo> {
  const rows = await db.query<VideoItem & { is_deleted: boolean }>(sql`
    select item.*, item.deleted_at is not null as is_deleted
    from (${videoItems} where v.id = ${id} and v.channel_id = any (${openChannels})) item
    order by item.deleted_at is not null, item.message_id
    limit 1
  `);
  const video = rows[0];
  if (video === undefined) return { state: 'unknown' };
  return video.is_deleted ? { state: 'deleted' } : { state: 'shown', video };
}

/** As an array, so that it is computed once and a page still walks its index in order. */
const openChannels = sql`array(select r.channel_id from channel_rules r where r.is_open)`;

function isShown({ guildId, channelId }: VideoScope): Sql {
  return sql`
    v.deleted_at is null
    and v.channel_id = any (${openChannels})
    ${guildId === undefined ? empty : sql`and v.guild_id = ${guildId}`}
    ${channelId === undefined ? empty : sql`and v.channel_id = ${channelId}`}
  `;
}

const videoItems = sql`
  select
    v.message_id, v.id, v.channel_id, c.name as channel_name, v.guild_id, g.name as guild_name,
    v.author_id, a.username as author_username, a.global_name as author_global_name, a.avatar as author_avatar,
    v.posted_at, v.filename, v.title, v.extension, v.content_type, v.size_bytes, v.width, v.height,
    v.duration_secs, v.placeholder, v.is_spoiler, v.is_clip, v.source, v.caption, v.found_by,
    v.proxy_url is not null as has_poster, v.deleted_at
  from videos v
  join bot_channels c on c.channel_id = v.channel_id
  join bot_guilds g on g.guild_id = v.guild_id
  left join authors a on a.id = v.author_id
`;
