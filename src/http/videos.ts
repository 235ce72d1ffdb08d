import type { z } from 'zod';
import type { Queryable } from '../db/database.ts';
import { countVideos, findVideo, listVideos, readVideoScope, type VideoItem } from '../db/videos-list.ts';
import { type Clip, type Video, video, videoCount, videoPage } from './contract/video.ts';
import { encodeCursor } from './cursor.ts';
import { action } from './door.ts';
import { toCount } from './guilds.ts';
import { toPage } from './page.ts';
import { cursor, pageSize, searchWords, snowflake, videoId } from './parameters.ts';
import { notFound, ProblemError } from './problem.ts';

const scope = {
  guild_id: snowflake.optional(),
  channel_id: snowflake.optional(),
  q: searchWords.optional(),
};

type ScopeQuery = { [Name in keyof typeof scope]: z.infer<(typeof scope)[Name]> };

const readScope = (db: Queryable, { guild_id: guildId, channel_id: channelId, q: words }: ScopeQuery) =>
  readVideoScope(db, { guildId, channelId, words });

const cursorOf = ({ message_id: messageId, id }: VideoItem) => encodeCursor({ messageId, id });

export const getVideos = action({
  summary: 'Videos, newest first: all, or those whose title, file name and caption have all words of q',
  query: { ...scope, cursor: cursor.optional(), limit: pageSize },
  answer: videoPage,
  async handle({ db }, { query, sight }) {
    const eyes = await sight();
    const wanted = await readScope(db, query);
    const { cursor: after, limit } = query;
    const found = await listVideos(db, eyes, wanted, { after, limit: limit + 1 });
    return toPage(found, { limit, toItem: toVideo, cursorOf });
  },
});

export const getVideoCount = action({
  summary:
    'How many videos there are (with all words of q), or how many stand from the newest down to a place',
  query: { ...scope, down_to: cursor.optional() },
  answer: videoCount,
  async handle({ db }, { query, sight }) {
    const eyes = await sight();
    const wanted = await readScope(db, query);
    return toCount(await countVideos(db, eyes, wanted, query.down_to));
  },
});

export const getVideo = action({
  summary: 'A video',
  path: { id: videoId },
  answer: video,
  async handle({ db }, { path, sight }) {
    const found = await findVideo(db, await sight(), path.id);
    if (found.state === 'unknown') throw unknownVideo(path.id);
    if (found.state === 'deleted') throw deletedVideo();
    return toVideo(found.video);
  },
});

export function unknownVideo(id: string): ProblemError {
  return notFound(`There is no video ${id} here.`);
}

export function deletedVideo(): ProblemError {
  return new ProblemError({
    status: 410,
    code: 'video_deleted',
    title: 'The video was deleted',
    detail: 'The message or its file was deleted on Discord.',
  });
}

export function toVideo(row: VideoItem): Video {
  const { author_id: authorId } = row;
  return {
    id: row.id,
    messageId: row.message_id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    guildId: row.guild_id,
    guildName: row.guild_name,
    author:
      authorId === null
        ? null
        : {
            id: authorId,
            username: row.author_username,
            globalName: row.author_global_name,
            avatar: row.author_avatar,
          },
    postedAt: row.posted_at.toISOString(),
    filename: row.filename,
    title: row.title,
    extension: row.extension,
    contentType: row.content_type,
    sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
    width: row.width,
    height: row.height,
    durationSecs: row.duration_secs,
    placeholder: row.placeholder,
    hasFile: row.has_file,
    pageUrl: row.page_url,
    provider: row.provider,
    isGif: row.embed_type === 'gifv',
    hasPoster: row.has_poster,
    isSpoiler: row.is_spoiler,
    isAgeRestricted: row.is_age_restricted,
    isClip: row.is_clip,
    clip: row.is_clip ? toClip(row) : null,
    source: row.source,
    caption: row.caption,
    foundBy: row.found_by,
    isConfirmed: row.is_confirmed,
    cursor: cursorOf(row),
    messageUrl: `https://discord.com/channels/${row.guild_id}/${row.channel_id}/${row.message_id}`,
  };
}

function toClip(row: VideoItem): Clip {
  return {
    createdAt: row.clip_created_at?.toISOString() ?? null,
    application: row.clip_application,
    participants: (row.clip_participants ?? []).map(({ id, username, global_name }) => ({
      id,
      username,
      globalName: global_name,
    })),
  };
}
