import { type Queryable, type Sql, sql } from './database.ts';

/** A video file as ingest found it. Ids are snowflakes, times ISO 8601. Only ingest-owned columns are here. */
export type NewVideo = {
  messageId: string;
  /** The attachment's id. */
  id: string;
  authorId: string | null;
  postedAt: string;
  editedAt: string | null;
  filename: string;
  title: string | null;
  extension: string;
  contentType: string | null;
  sizeBytes: number | null;
  width: number | null;
  height: number | null;
  durationSecs: number | null;
  placeholder: string | null;
  isSpoiler: boolean;
  isClip: boolean;
  source: 'attachment' | 'forward';
  caption: string | null;
  url: string;
  proxyUrl: string | null;
  urlExpiresAt: string | null;
};

export type NewAuthor = {
  id: string;
  username: string | null;
  globalName: string | null;
  avatar: string | null;
  isBot: boolean;
};

export type FoundBy = 'live' | 'history' | 'index';

/** A video with the channel in which it was posted, as the writing statements take it. */
export type PostedVideo = NewVideo & { channelId: string };

/**
 * The statement parts that write videos and their authors, to be placed after `with` by whoever commits them
 * together with the proof that they were read. `channels` names an earlier part with columns (channel_id, guild_id):
 * only videos posted there are written. Writing the same video again changes nothing but fresher links and edits;
 * a message deleted meanwhile is not brought back, and an older copy never overwrites a newer one.
 * `keepsCaptions`: the text of the messages was not told.
 */
export function writeVideos(
  videos: readonly PostedVideo[],
  authors: readonly NewAuthor[],
  foundBy: FoundBy,
  { keepsCaptions = false } = {},
): Sql {
  return sql`
    incoming_videos as (
      select * from jsonb_to_recordset(${JSON.stringify(videos)}::jsonb) as v (
        "messageId" bigint, "id" text, "channelId" text, "authorId" bigint, "postedAt" timestamptz,
        "editedAt" timestamptz, "filename" text, "title" text, "extension" text, "contentType" text,
        "sizeBytes" bigint, "width" integer, "height" integer, "durationSecs" double precision,
        "placeholder" text, "isSpoiler" boolean, "isClip" boolean, "source" video_source, "caption" text,
        "url" text, "proxyUrl" text, "urlExpiresAt" timestamptz
      )
    ),
    written_authors as (
      insert into authors (id, username, global_name, avatar, is_bot)
      select a."id", a."username", a."globalName", a."avatar", a."isBot"
      from jsonb_to_recordset(${JSON.stringify(authors)}::jsonb)
        as a ("id" bigint, "username" text, "globalName" text, "avatar" text, "isBot" boolean)
      where exists (select from channels)
      order by a."id" -- one order of locks for all writers
      on conflict (id) do update set
        username = excluded.username, global_name = excluded.global_name,
        avatar = excluded.avatar, is_bot = excluded.is_bot
      where (authors.username, authors.global_name, authors.avatar, authors.is_bot)
        is distinct from (excluded.username, excluded.global_name, excluded.avatar, excluded.is_bot)
    ),
    written_videos as (
      insert into videos (
        message_id, id, channel_id, guild_id, author_id, posted_at, edited_at, filename, title, extension,
        content_type, size_bytes, width, height, duration_secs, placeholder, is_spoiler, is_clip, source,
        caption, url, proxy_url, url_expires_at, found_by
      )
      select
        v."messageId", v."id", v."channelId", channels.guild_id, v."authorId", v."postedAt", v."editedAt",
        v."filename", v."title", v."extension", v."contentType", v."sizeBytes", v."width", v."height",
        v."durationSecs", v."placeholder", v."isSpoiler", v."isClip", v."source", v."caption", v."url",
        v."proxyUrl", v."urlExpiresAt", ${foundBy}::video_found_by
      from incoming_videos v
      join channels on channels.channel_id = v."channelId"
      where not exists (select from deleted_messages d where d.message_id = v."messageId")
      order by v."messageId", v."id"
      on conflict (message_id, id) do update set
        edited_at = excluded.edited_at, filename = excluded.filename, title = excluded.title,
        extension = excluded.extension, content_type = excluded.content_type, size_bytes = excluded.size_bytes,
        width = coalesce(excluded.width, videos.width), height = coalesce(excluded.height, videos.height),
        duration_secs = coalesce(excluded.duration_secs, videos.duration_secs),
        placeholder = coalesce(excluded.placeholder, videos.placeholder),
        is_spoiler = excluded.is_spoiler, is_clip = excluded.is_clip,
        caption = case when ${keepsCaptions} then videos.caption else excluded.caption end,
        url = excluded.url, proxy_url = excluded.proxy_url, url_expires_at = excluded.url_expires_at,
        deleted_at = null -- the file is in the message again, or still
      where coalesce(excluded.edited_at, '-infinity') >= coalesce(videos.edited_at, '-infinity')
        and (
          excluded.edited_at is distinct from videos.edited_at
          or videos.deleted_at is not null
          or coalesce(excluded.url_expires_at, 'infinity') > coalesce(videos.url_expires_at, '-infinity')
        )
      returning message_id
    )`;
}

/**
 * Marks the videos of these messages as deleted and remembers the messages for a while, for pages that were read
 * before and are committed after. Answers how many videos were marked.
 */
export async function markMessagesDeleted(db: Queryable, messageIds: readonly string[]): Promise<number> {
  const rows = await db.query<{ id: string }>(sql`
    with remembered as (
      insert into deleted_messages (message_id)
      select distinct unnest(${messageIds}::bigint[])
      on conflict (message_id) do nothing
    )
    update videos set deleted_at = now()
    where message_id = any(${messageIds}::bigint[]) and deleted_at is null
    returning id`);
  return rows.length;
}

/** Forgets deletions older than any page can be on its way. */
export async function purgeDeletedMessages(db: Queryable, olderThanSecs: number): Promise<void> {
  await db.query(sql`
    delete from deleted_messages where deleted_at < now() - make_interval(secs => ${olderThanSecs})`);
}
