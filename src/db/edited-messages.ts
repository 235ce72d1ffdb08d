import { type Queryable, sql } from './database.ts';
import { type NewAuthor, type PostedSkip, type PostedVideo, writeVideos } from './videos.ts';

export type EditedMessage = {
  channelId: string;
  messageId: string;
  /** ISO 8601; null when it never was, undefined when it was not told. */
  editedAt: string | null | undefined;
  /** Keys of all files that it still has, whether or not they count as video now. */
  fileIds: readonly string[];
  /** Which kinds of files were told of: of the others, nothing is known to be gone. */
  toldSources: readonly PostedVideo['source'][];
  /** False when the update did not tell the text: the caption stays. */
  tellsCaption: boolean;
};

/**
 * Brings the videos of an edited message up to date; those whose file it no longer has are marked as deleted. Updates
 * come without an edit as well, when Discord has resolved embeds or somebody took them away. A copy that is older than
 * what is stored changes nothing.
 */
export async function writeEditedMessage(
  db: Queryable,
  message: EditedMessage,
  videos: readonly PostedVideo[],
  authors: readonly NewAuthor[],
  skipped: readonly PostedSkip[] = [],
): Promise<void> {
  const editedAt = message.editedAt ?? null;
  const keepsEditTimes = message.editedAt === undefined;
  await db.query(sql`
    with channels as materialized (
      select c.channel_id, c.guild_id
      from bot_channels c
      join channel_rules rules on rules.channel_id = c.channel_id
      where c.channel_id = ${message.channelId} and c.is_reading and rules.is_open
      for share of c -- nobody stops the reading, or deletes the channel, between the look at it and the videos
    ),
    removed as (
      update videos set deleted_at = now(), edited_at = coalesce(${editedAt}::timestamptz, edited_at)
      where message_id = ${message.messageId}::bigint and channel_id = ${message.channelId}
        and deleted_at is null
        and source = any(${message.toldSources}::video_source[])
        and id <> all(${message.fileIds}::text[])
        and (${keepsEditTimes}::boolean or coalesce(${editedAt}::timestamptz, '-infinity') >= coalesce(edited_at, '-infinity'))
    ),
    ${writeVideos(videos, authors, 'live', { keepsCaptions: !message.tellsCaption, keepsEditTimes, skipped })}
    select`);
}
