import type { NewAuthor, NewVideo } from '../db/videos.ts';
import { isSnowflake, snowflakeTime } from '../discord/snowflake.ts';
import { videoFormat } from './video-formats.ts';
import {
  readList,
  readPositive,
  readRecord,
  readText,
  readTime,
  readUrl,
  readWholeNumber,
} from './wire-values.ts';

const FLAG_CLIP = 1 << 0; // Discord's attachment flags
const FLAG_THUMBNAIL = 1 << 1;
const FLAG_SPOILER = 1 << 3;

const NAME_MAX_LENGTH = 260; // characters; longer file names than any file system takes are cut
const TITLE_MAX_LENGTH = 1024;
const CAPTION_MAX_LENGTH = 4000; // the longest message that Discord takes
const URL_MAX_LENGTH = 4096;
const PLACEHOLDER_MAX_LENGTH = 200; // a ThumbHash is about 28 bytes, in base64
const CONTENT_TYPE_MAX_LENGTH = 200;
const MAX_ATTACHMENTS = 100; // of one message or snapshot; Discord allows 10
const MAX_SNAPSHOTS = 10; // Discord sends 1
const INT4_MAX = 2 ** 31 - 1;

export type ExtractedMessage = {
  videos: NewVideo[];
  /** Of all files that the message has, video or not. */
  attachmentIds: string[];
  /** Who posted it; null when the message has no usable author. */
  author: NewAuthor | null;
};

/**
 * The video files of a message: of its own attachments and of those that it forwards (`message_snapshots`).
 * Pure, and total: a malformed attachment is skipped, never the message. Only `formats` (extensions in lower case)
 * count; thumbnails that Discord stores as attachments do not.
 */
export function extractVideos(message: unknown, formats: ReadonlySet<string>): ExtractedMessage {
  const wire = readRecord(message);
  const author = readAuthor(wire.author);
  if (!isSnowflake(wire.id)) return { videos: [], attachmentIds: [], author };
  const posting: Posting = {
    messageId: wire.id,
    authorId: author?.id ?? null,
    postedAt: readTime(wire.timestamp) ?? new Date(snowflakeTime(wire.id)).toISOString(),
    editedAt: readTime(wire.edited_timestamp),
  };
  const snapshots = readList(wire.message_snapshots)
    .slice(0, MAX_SNAPSHOTS)
    .map((snapshot) => readRecord(readRecord(snapshot).message));
  const own = readFiles(wire, 'attachment', posting, formats);
  const forwarded = snapshots.flatMap((message) => readFiles(message, 'forward', posting, formats));
  const byId = new Map([...forwarded, ...own].map((video) => [video.id, video]));
  const attachmentIds = [wire, ...snapshots]
    .flatMap((holder) => readList(holder.attachments))
    .map((attachment) => readRecord(attachment).id)
    .filter(isSnowflake);
  return { videos: [...byId.values()], attachmentIds, author };
}

type Posting = Pick<NewVideo, 'messageId' | 'authorId' | 'postedAt' | 'editedAt'>;

function readFiles(
  holder: Record<string, unknown>,
  source: 'attachment' | 'forward',
  posting: Posting,
  formats: ReadonlySet<string>,
): NewVideo[] {
  const caption = readText(holder.content, CAPTION_MAX_LENGTH);
  return readList(holder.attachments)
    .slice(0, MAX_ATTACHMENTS)
    .flatMap((attachment) => {
      const file = readFile(readRecord(attachment), formats);
      return file ? [{ ...posting, ...file, source, caption }] : [];
    });
}

function readFile(
  wire: Record<string, unknown>,
  formats: ReadonlySet<string>,
): Omit<NewVideo, keyof Posting | 'source' | 'caption'> | null {
  const filename = readText(wire.filename, NAME_MAX_LENGTH);
  const url = readUrl(wire.url, URL_MAX_LENGTH);
  if (!isSnowflake(wire.id) || filename === null || url === null) return null;
  const flags = readWholeNumber(wire.flags, INT4_MAX) ?? 0;
  if ((flags & FLAG_THUMBNAIL) !== 0) return null;
  const contentType = readText(wire.content_type, CONTENT_TYPE_MAX_LENGTH);
  const extension = videoFormat(String(wire.filename), contentType, formats);
  if (extension === null) return null;
  return {
    id: wire.id,
    filename,
    title: readText(wire.title, TITLE_MAX_LENGTH),
    extension,
    contentType,
    sizeBytes: readWholeNumber(wire.size, Number.MAX_SAFE_INTEGER),
    width: readWholeNumber(wire.width, INT4_MAX),
    height: readWholeNumber(wire.height, INT4_MAX),
    durationSecs: readPositive(wire.duration_secs),
    placeholder: readText(wire.placeholder, PLACEHOLDER_MAX_LENGTH),
    isSpoiler: (flags & FLAG_SPOILER) !== 0 || filename.startsWith('SPOILER_'),
    isClip: (flags & FLAG_CLIP) !== 0,
    url,
    proxyUrl: readUrl(wire.proxy_url, URL_MAX_LENGTH),
    urlExpiresAt: linkExpiry(url),
  };
}

function readAuthor(value: unknown): NewAuthor | null {
  const wire = readRecord(value);
  if (!isSnowflake(wire.id)) return null;
  return {
    id: wire.id,
    username: readText(wire.username, 100),
    globalName: readText(wire.global_name, 100),
    avatar: readText(wire.avatar, 100),
    isBot: wire.bot === true,
  };
}

/**
 * When a signed link of Discord's CDN ends, from its own `ex` (hexadecimal seconds); null when it does not say.
 * How long links live is not promised by Discord, so nothing else is believed.
 */
export function linkExpiry(url: string): string | null {
  const expiry = new URL(url).searchParams.get('ex');
  if (expiry === null || !/^[0-9a-f]{1,8}$/i.test(expiry)) return null;
  return new Date(Number.parseInt(expiry, 16) * 1000).toISOString();
}
