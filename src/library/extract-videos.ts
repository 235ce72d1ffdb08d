import type { SkippedFile } from '../db/skipped-files.ts';
import type { NewAuthor, NewVideo } from '../db/videos.ts';
import { isSnowflake, snowflakeTime } from '../discord/snowflake.ts';
import {
  type Finds,
  type FoundFile,
  type Holder,
  PERSON_NAME_MAX_LENGTH,
  readEntries,
} from './found-files.ts';
import { readAttachments } from './read-attachments.ts';
import { readComponents } from './read-components.ts';
import { readEmbeds } from './read-embeds.ts';
import { readRecord, readText, readTime } from './wire-values.ts';

const CAPTION_MAX_LENGTH = 4000; // the longest message that Discord takes
const MAX_SNAPSHOTS = 10; // Discord sends 1
const MAX_VIDEOS = 200; // of one message with all that it forwards; each holds the caption once more
const MAX_SKIPPED = 100; // noted of one message; a payload that is all wrong needs no longer list

export type ExtractedMessage = {
  /** Files that are videos of any format; the database decides by the settings in force which of them count. */
  videos: NewVideo[];
  /** Keys of all files that the message has, attachments that are no videos included. */
  fileIds: string[];
  /** What of the message made no sense, and was left out. */
  skipped: SkippedFile[];
  /** Who posted the videos; null when there are none, or no usable author. */
  author: NewAuthor | null;
};

/**
 * Everything in a message that a viewer would call a video: attachments, embeds and components, of its own and of the
 * messages that it forwards. Pure, and total: what is malformed is skipped and told, never the message.
 * `named`: the extensions that the settings name, for files whose type Discord does not tell; see `formatsOf`.
 *
 * Keys: an attachment's id; else made of the message's id and the place: `<message>-e<n>` for the n-th embed,
 * `<message>-c<n>` for the n-th medium in components, `<message>-s<k>-e<n>` and `…-s<k>-c<n>` in the k-th forward.
 */
export function extractVideos(message: unknown, named: ReadonlySet<string>): ExtractedMessage {
  const wire = readRecord(message);
  if (!mayHoldVideos(wire) || !isSnowflake(wire.id)) return nothing;
  const finds: Finds = { files: [], attachmentIds: [], skipped: [] };
  for (const holder of holdersOf(wire.id, wire, finds)) {
    readAttachments(holder, named, finds);
    readEmbeds(holder, named, finds);
    readComponents(holder, named, finds);
  }
  const files = uniqueFiles(finds);
  return {
    videos: files.length === 0 ? [] : postFiles(files, wire.id, wire),
    fileIds: [...finds.attachmentIds, ...finds.files.map((file) => file.id)],
    skipped: noteSkipped(finds, wire.id),
    author: files.length === 0 ? null : readAuthor(wire.author),
  };
}

const nothing: ExtractedMessage = { videos: [], fileIds: [], skipped: [], author: null };

/** Most messages are mere text: they cost these four looks. */
function mayHoldVideos(wire: Record<string, unknown>): boolean {
  return (
    isFilled(wire.attachments) ||
    isFilled(wire.embeds) ||
    isFilled(wire.components) ||
    isFilled(wire.message_snapshots)
  );
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) ? list.length > 0 : list !== undefined && list !== null;
}

/** The message itself and what it forwards. */
function holdersOf(messageId: string, wire: Record<string, unknown>, finds: Finds): Holder[] {
  const caption = readText(wire.content, CAPTION_MAX_LENGTH);
  const own: Holder = { wire, place: '', key: messageId, isForwarded: false, caption };
  const forwards = readEntries(wire, 'message_snapshots', MAX_SNAPSHOTS, '', finds).map((snapshot, index) => {
    const forwarded = readRecord(readRecord(snapshot).message);
    return {
      wire: forwarded,
      place: `snapshots.${index}.`,
      key: `${messageId}-s${index}`,
      isForwarded: true,
      caption: readText(forwarded.content, CAPTION_MAX_LENGTH),
    };
  });
  return [own, ...forwards];
}

/** Each file once: of two with the same key, the one that was found first. */
function uniqueFiles({ files, skipped }: Finds): FoundFile[] {
  const byId = new Map(files.toReversed().map((file) => [file.id, file]));
  const unique = files.filter((file) => byId.get(file.id) === file);
  if (unique.length > MAX_VIDEOS) skipped.push({ place: 'message', reason: 'too_many' });
  return unique.slice(0, MAX_VIDEOS);
}

function noteSkipped({ skipped }: Finds, messageId: string): SkippedFile[] {
  if (skipped.length === 0) return [];
  const byPlace = new Map(skipped.slice(0, MAX_SKIPPED).map((skip) => [skip.place, { ...skip, messageId }]));
  return [...byPlace.values()];
}

function postFiles(files: FoundFile[], messageId: string, wire: Record<string, unknown>): NewVideo[] {
  const posting = {
    messageId,
    authorId: readAuthor(wire.author)?.id ?? null,
    postedAt: readTime(wire.timestamp) ?? new Date(snowflakeTime(messageId)).toISOString(),
    editedAt: readTime(wire.edited_timestamp),
  };
  return files.map((file) => ({ ...file, ...posting }));
}

function readAuthor(value: unknown): NewAuthor | null {
  const wire = readRecord(value);
  if (!isSnowflake(wire.id)) return null;
  return {
    id: wire.id,
    username: readText(wire.username, PERSON_NAME_MAX_LENGTH),
    globalName: readText(wire.global_name, PERSON_NAME_MAX_LENGTH),
    avatar: readText(wire.avatar, PERSON_NAME_MAX_LENGTH),
    isBot: wire.bot === true,
  };
}
