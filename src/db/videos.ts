import { countedExtension, countedFormats, countsAsVideo } from './counted-formats.ts';
import { type Queryable, type Sql, sql } from './database.ts';
import type { SkippedFile } from './skipped-files.ts';

/** A video file as ingest found it. Ids are snowflakes, times ISO 8601. Only ingest-owned columns are here. */
export type NewVideo = {
  messageId: string;
  /** The attachment's id; of an embed, or a component's file from elsewhere, a key made of message and place. */
  id: string;
  authorId: string | null;
  postedAt: string;
  editedAt: string | null;
  filename: string;
  title: string | null;
  /** By which settings can count it, best first; none: it counts whatever they say. */
  formats: readonly string[];
  contentType: string | null;
  sizeBytes: number | null;
  width: number | null;
  height: number | null;
  durationSecs: number | null;
  placeholder: string | null;
  isSpoiler: boolean;
  isClip: boolean;
  clipCreatedAt: string | null;
  clipApplication: string | null;
  clipParticipants: readonly ClipParticipant[] | null;
  source: 'attachment' | 'forward' | 'embed' | 'component';
  caption: string | null;
  /** The file; where only a page elsewhere plays the video (`pageUrl` and no `proxyUrl`), that page. */
  url: string;
  proxyUrl: string | null;
  urlExpiresAt: string | null;
  /** Of what was not uploaded to Discord: the page or address that it was linked by. */
  pageUrl: string | null;
  embedType: string | null;
  provider: string | null;
  thumbnailUrl: string | null;
};

/** As it is stored in JSON. */
export type ClipParticipant = { id: string; username: string | null; global_name: string | null };

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

/** What was left out, with the channel. */
export type PostedSkip = SkippedFile & { channelId: string };

export type WriteOptions = {
  /** The text of the messages was not told. */
  keepsCaptions?: boolean;
  /** When the messages were last edited was not told. */
  keepsEditTimes?: boolean;
  skipped?: readonly PostedSkip[];
};

/**
 * The statement parts that write videos, their authors and what was left out, to be placed after `with` by whoever
 * commits them together with the proof that they were read. `channels` names an earlier part with columns (channel_id,
 * guild_id): only videos posted there are written. Writing the same video again changes nothing but fresher links and
 * edits; a message deleted meanwhile is not brought back, and an older copy never overwrites a newer one.
 * The part `decided_videos` (message_id, id, is_video, …) has one row a video, to be counted.
 */
export function writeVideos(
  videos: readonly PostedVideo[],
  authors: readonly NewAuthor[],
  foundBy: FoundBy,
  { keepsCaptions = false, keepsEditTimes = false, skipped = [] }: WriteOptions = {},
): Sql {
  return sql`
    ${decideVideos(videos, keepsEditTimes)},
    ${writeAuthors(authors)},
    ${writeSkips(skipped)},
    written_videos as (
      ${insertVideos(foundBy)}
      on conflict (message_id, id) do update set
        author_id = coalesce(videos.author_id, excluded.author_id),
        edited_at = excluded.edited_at, filename = excluded.filename, title = excluded.title,
        formats = excluded.formats, is_video = excluded.is_video, extension = excluded.extension,
        is_confirmed = videos.is_confirmed or excluded.is_confirmed,
        content_type = excluded.content_type, size_bytes = excluded.size_bytes,
        width = coalesce(excluded.width, videos.width), height = coalesce(excluded.height, videos.height),
        duration_secs = coalesce(excluded.duration_secs, videos.duration_secs),
        placeholder = coalesce(excluded.placeholder, videos.placeholder),
        is_spoiler = excluded.is_spoiler, is_clip = excluded.is_clip, clip_created_at = excluded.clip_created_at,
        clip_application = excluded.clip_application, clip_participants = excluded.clip_participants,
        caption = case when ${keepsCaptions}::boolean then videos.caption else excluded.caption end,
        url = excluded.url, proxy_url = excluded.proxy_url, url_expires_at = excluded.url_expires_at,
        page_url = excluded.page_url, embed_type = excluded.embed_type, provider = excluded.provider,
        thumbnail_url = excluded.thumbnail_url,
        deleted_at = null -- the file is in the message again, or still
      where coalesce(excluded.edited_at, '-infinity') >= coalesce(videos.edited_at, '-infinity')
        and (
          excluded.is_confirmed and not videos.is_confirmed
          -- Embeds come and go without an edit, so of two copies with the same edit time only a live one is the newer.
          or (
            ${foundBy === 'live'}::boolean or videos.page_url is null
            or excluded.edited_at is distinct from videos.edited_at
          )
          and (
            excluded.edited_at is distinct from videos.edited_at
            or videos.deleted_at is not null
            or excluded.url_expires_at > coalesce(videos.url_expires_at, '-infinity')
            or excluded.url_expires_at is null
              and (excluded.url, excluded.proxy_url, excluded.page_url, excluded.title, excluded.thumbnail_url)
                is distinct from (videos.url, videos.proxy_url, videos.page_url, videos.title, videos.thumbnail_url)
          )
        )
      returning message_id, found_by, is_video, xmax = 0 as is_new -- xmax is set when the conflict clause locked a row
    ),
    seen_videos as (
      update videos known set is_confirmed = true -- an older copy of the message shows as well that the video is there
      from decided_videos v
      where ${foundBy !== 'index'}::boolean
        and known.channel_id = v."channelId" and known.message_id = v.message_id and known.id = v."id"
        and not known.is_confirmed and known.deleted_at is null
        and coalesce(v.edited_at, '-infinity') < coalesce(known.edited_at, '-infinity')
    )`;
}

/** The videos as they came, each with what the settings of its channel say of it now. */
function decideVideos(videos: readonly PostedVideo[], keepsEditTimes: boolean): Sql {
  const formats = sql`array(select jsonb_array_elements_text(v."formats"))`;
  return sql`
    incoming_videos as materialized (
      select v.*, ${formats} as format_list,
        case when ${keepsEditTimes}::boolean
          then (select max(known.edited_at) from videos known where known.message_id = v."messageId")
          else v."editedAt" end as edited_at
      from (
        select * from jsonb_to_recordset(${JSON.stringify(videos)}::jsonb) as told (
          "messageId" bigint, "id" text, "channelId" text, "authorId" bigint, "postedAt" timestamptz,
          "editedAt" timestamptz, "filename" text, "title" text, "formats" jsonb, "contentType" text,
          "sizeBytes" bigint, "width" integer, "height" integer, "durationSecs" double precision,
          "placeholder" text, "isSpoiler" boolean, "isClip" boolean, "clipCreatedAt" timestamptz,
          "clipApplication" text, "clipParticipants" jsonb, "source" video_source, "caption" text, "url" text,
          "proxyUrl" text, "urlExpiresAt" timestamptz, "pageUrl" text, "embedType" text, "provider" text,
          "thumbnailUrl" text
        )
        limit ${videos.length} -- all of them; the planner takes a hundred for granted, and would read whole tables
      ) v
    ),
    video_rules as materialized (
      select channels.channel_id, channels.guild_id, ${countedFormats(sql`rules.own_settings`)} as formats
      from channels
      join channel_rules rules on rules.channel_id = channels.channel_id
      where channels.channel_id in (select "channelId" from incoming_videos)
    ),
    decided_videos as materialized (
      select v.*, v."messageId" as message_id, rules.guild_id,
        ${countsAsVideo(sql`v.format_list`, sql`rules.formats`)} as is_video,
        ${countedExtension(sql`v.format_list`, sql`rules.formats`)} as extension
      from incoming_videos v
      join video_rules rules on rules.channel_id = v."channelId"
    )`;
}

function writeAuthors(authors: readonly NewAuthor[]): Sql {
  return sql`
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
    )`;
}

function writeSkips(skipped: readonly PostedSkip[]): Sql {
  return sql`
    written_skips as (
      insert into skipped_files (message_id, place, channel_id, reason)
      select s."messageId", s."place", s."channelId", s."reason"
      from jsonb_to_recordset(${JSON.stringify(skipped)}::jsonb)
        as s ("messageId" bigint, "place" text, "channelId" text, "reason" text)
      join channels on channels.channel_id = s."channelId"
      order by s."messageId", s."place"
      on conflict (message_id, place) do update set reason = excluded.reason
      where skipped_files.reason <> excluded.reason
    )`;
}

function insertVideos(foundBy: FoundBy): Sql {
  return sql`
    insert into videos (
      message_id, id, channel_id, guild_id, author_id, posted_at, edited_at, filename, title, formats, is_video,
      extension, content_type, size_bytes, width, height, duration_secs, placeholder, is_spoiler, is_clip,
      clip_created_at, clip_application, clip_participants, source, caption, url, proxy_url, url_expires_at,
      page_url, embed_type, provider, thumbnail_url, found_by, is_confirmed
    )
    select
      v.message_id, v."id", v."channelId", v.guild_id, v."authorId", v."postedAt", v.edited_at, v."filename",
      v."title", v.format_list, v.is_video, v.extension, v."contentType", v."sizeBytes", v."width", v."height",
      v."durationSecs", v."placeholder", v."isSpoiler", v."isClip", v."clipCreatedAt", v."clipApplication",
      v."clipParticipants", v."source", v."caption", v."url", v."proxyUrl", v."urlExpiresAt", v."pageUrl",
      v."embedType", v."provider", v."thumbnailUrl", ${foundBy}::video_found_by, ${foundBy !== 'index'}::boolean
    from decided_videos v
    where not exists (select from deleted_messages d where d.message_id = v.message_id)
      -- an edit that came before has written all files of this kind that the message still had
      and not exists (
        select from videos newer
        where newer.message_id = v.message_id and newer.source = v."source"
          and newer.edited_at > coalesce(v.edited_at, '-infinity')
          and not exists (select from videos known where known.message_id = v.message_id and known.id = v."id")
      )
    order by v.message_id, v."id"`;
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

/**
 * Forgets deletions older than any page can be on its way. A page that was being committed at the very moment of a
 * deletion has not seen it: its videos are marked first. Answers how many.
 */
export async function purgeDeletedMessages(db: Queryable, olderThanSecs: number): Promise<number> {
  await db.query(sql`
    update videos set deleted_at = deleted.deleted_at
    from deleted_messages deleted
    where videos.message_id = deleted.message_id and videos.deleted_at is null`);
  const rows = await db.query(sql`
    delete from deleted_messages
    where deleted_at < now() - make_interval(secs => ${olderThanSecs})
    returning message_id`);
  return rows.length;
}
