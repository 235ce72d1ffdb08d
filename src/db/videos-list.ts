import { OVERLAP_SECS } from './changes.ts';
import { forumTypes } from './channel-types.ts';
import { type Queryable, sql } from './database.ts';
import { type Sight, seesChannel } from './sight.ts';
import { hasFile } from './video-links.ts';
import { countVideoPage, readVideoPage, type VideoPlace, type VideoScope } from './video-pages.ts';
import type { ClipParticipant } from './videos.ts';

/**
 * Videos as lists and pages show them, newest first. Only what may be shown: of channels that these eyes see, files that
 * count as videos now and were not deleted. Nothing here writes.
 */

export type { VideoPlace, VideoScope } from './video-pages.ts';

/** Counting stops here; see `MAX_COUNTED` in channel-overviews.ts. */
export const MAX_COUNTED_DOWN = 1_000;

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
  /** Null: an embed whose file names no format. */
  extension: string | null;
  content_type: string | null;
  /** bigint as text. */
  size_bytes: string | null;
  width: number | null;
  height: number | null;
  duration_secs: number | null;
  placeholder: string | null;
  is_spoiler: boolean;
  /** Of its channel. */
  is_age_restricted: boolean;
  is_clip: boolean;
  clip_created_at: Date | null;
  clip_application: string | null;
  clip_participants: ClipParticipant[] | null;
  source: 'attachment' | 'forward' | 'embed' | 'component';
  caption: string | null;
  found_by: 'live' | 'history' | 'index';
  is_confirmed: boolean;
  has_poster: boolean;
  /** False: only the page elsewhere plays it. */
  has_file: boolean;
  page_url: string | null;
  embed_type: string | null;
  provider: string | null;
};

/**
 * What somebody means who names a channel: of a forum or media channel its posts, as it holds nothing itself. Tells
 * nothing of the channel to those who do not see it: in what they see, both are empty.
 */
export async function readVideoScope(
  db: Queryable,
  { guildId, channelId, words }: Omit<VideoScope, 'forumId'>,
): Promise<VideoScope> {
  if (channelId === undefined) return { guildId, words };
  const forums = await db.query(sql`
    select from bot_channels where channel_id = ${channelId} and type = any (${forumTypes}::text[])`);
  return forums.length === 0 ? { guildId, channelId, words } : { guildId, forumId: channelId, words };
}

/** The page after `after` (exclusive), or the first one. */
export function listVideos(
  db: Queryable,
  sight: Sight,
  scope: VideoScope,
  page: { after?: VideoPlace | undefined; limit: number },
): Promise<VideoItem[]> {
  return readVideoPage<VideoItem>(
    db,
    sight,
    scope,
    page,
    (picked) => sql`
      with picked as materialized (${picked})
      ${videoItems}
      join picked on picked.message_id = v.message_id and picked.id = v.id
      order by v.message_id desc, v.id desc`,
  );
}

/** How many videos stand from the newest down to `downTo` (inclusive), or in all; at most MAX_COUNTED_DOWN. */
export function countVideos(
  db: Queryable,
  sight: Sight,
  scope: VideoScope,
  downTo?: VideoPlace,
): Promise<number> {
  return countVideoPage(db, sight, scope, { downTo, limit: MAX_COUNTED_DOWN });
}

/** Videos that were found since a time (see changes.ts), the newest found first. */
export function listFoundVideos(
  db: Queryable,
  sight: Sight,
  since: string,
  limit: number,
): Promise<VideoItem[]> {
  return db.query<VideoItem>(sql`
    ${videoItems}
    where v.is_video and v.deleted_at is null and ${seesChannel(sight, sql`v.channel_id`)}
      and v.found_at > ${since}::timestamptz - make_interval(secs => ${OVERLAP_SECS})
    order by v.found_at desc, v.message_id desc, v.id desc
    limit ${limit}
  `);
}

export type FoundVideo = { state: 'shown'; video: VideoItem } | { state: 'deleted' } | { state: 'unknown' };

/** A forward may carry the id of its original; the oldest that still exists stands for the file. */
export async function findVideo(db: Queryable, sight: Sight, id: string): Promise<FoundVideo> {
  const rows = await db.query<VideoItem & { is_deleted: boolean }>(sql`
    select item.*, item.deleted_at is not null as is_deleted
    from (
      ${videoItems}
      where v.id = ${id} and v.is_video and ${seesChannel(sight, sql`v.channel_id`)}
    ) item
    order by item.deleted_at is not null, item.message_id
    limit 1
  `);
  const video = rows[0];
  if (video === undefined) return { state: 'unknown' };
  return video.is_deleted ? { state: 'deleted' } : { state: 'shown', video };
}

const videoItems = sql`
  select
    v.message_id, v.id, v.channel_id, c.name as channel_name, v.guild_id, g.name as guild_name,
    v.author_id, a.username as author_username, a.global_name as author_global_name, a.avatar as author_avatar,
    v.posted_at, v.filename, v.title, v.extension, v.content_type, v.size_bytes, v.width, v.height,
    v.duration_secs, v.placeholder, v.is_spoiler, v.is_clip, v.clip_created_at, v.clip_application,
    v.clip_participants, v.source, v.caption, v.found_by, v.is_confirmed, v.page_url, v.embed_type, v.provider,
    coalesce(v.thumbnail_url, v.proxy_url) is not null as has_poster,
    ${hasFile} as has_file, v.deleted_at,
    (select r.is_age_restricted from channel_rules r where r.channel_id = v.channel_id) as is_age_restricted
  from videos v
  join bot_channels c on c.channel_id = v.channel_id
  join bot_guilds g on g.guild_id = v.guild_id
  left join authors a on a.id = v.author_id
`;
