import type { Context } from 'hono';
import { countVideos, findVideo, listVideos, type VideoItem } from '../db/videos-list.ts';
import type { Page, Video } from './contract.ts';
import { encodeCursor } from './cursor.ts';
import { toCount } from './guilds.ts';
import { cursor, pageSize, readPath, readQuery, snowflake, videoId } from './parameters.ts';
import { notFound, ProblemError } from './problem.ts';
import type { Services } from './services.ts';

const scope = { guild_id: snowflake.optional(), channel_id: snowflake.optional() };

export function getVideos({ db }: Services) {
  return async (c: Context) => {
    const query = readQuery(c, { ...scope, cursor: cursor.optional(), limit: pageSize });
    // One more than asked for tells whether a further page exists.
    const found = await listVideos(
      db,
      { guildId: query.guild_id, channelId: query.channel_id },
      { after: query.cursor, limit: query.limit + 1 },
    );
    const items = found.slice(0, query.limit).map(toVideo);
    const next = found.length > query.limit ? (items.at(-1)?.cursor ?? null) : null;
    return c.json({ items, next } satisfies Page<Video>);
  };
}

/** How many videos there are, or how many stand from the newest down to a place. */
export function getVideoCount({ db }: Services) {
  return async (c: Context) => {
    const query = readQuery(c, { ...scope, down_to: cursor.optional() });
    const count = await countVideos(
      db,
      { guildId: query.guild_id, channelId: query.channel_id },
      query.down_to,
    );
    return c.json(toCount(count));
  };
}

export function getVideo({ db }: Services) {
  return async (c: Context) => {
    const { id } = readPath(c, { id: videoId });
    const found = await findVideo(db, id);
    if (found.state === 'unknown') throw unknownVideo(id);
    if (found.state === 'deleted') throw deletedVideo();
    return c.json(toVideo(found.video));
  };
}

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
    hasPoster: row.has_poster,
    isSpoiler: row.is_spoiler,
    isClip: row.is_clip,
    source: row.source,
    caption: row.caption,
    foundBy: row.found_by,
    cursor: encodeCursor({ messageId: row.message_id, id: row.id }),
    messageUrl: `https://discord.com/channels/${row.guild_id}/${row.channel_id}/${row.message_id}`,
  };
}
