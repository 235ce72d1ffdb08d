import type { SkipReason } from '../db/skipped-files.ts';
import type { NewVideo } from '../db/videos.ts';

/** A video as its place in a message tells of it; who posted it, and when, is the message's to tell. */
export type FoundFile = Omit<NewVideo, 'messageId' | 'authorId' | 'postedAt' | 'editedAt'>;

/** A message, or one that it forwards, and how what is in it is called. */
export type Holder = {
  wire: Record<string, unknown>;
  /** Before the place of a file: "" or "snapshots.0.". */
  place: string;
  /** Before the key of a file without an id of its own: the message's id, with "-s0" for its first snapshot. */
  key: string;
  isForwarded: boolean;
  caption: string | null;
};

/** What was found so far; the readers add to it. */
export type Finds = {
  files: FoundFile[];
  /** Of all attachments with an id, video or not. */
  attachmentIds: string[];
  skipped: { place: string; reason: SkipReason }[];
};

/** The entries of a list of the payload, `max` at most; what is no list, or beyond, is noted as skipped. */
export function readEntries(
  wire: Holder['wire'],
  name: string,
  max: number,
  place: string,
  finds: Finds,
): unknown[] {
  const list = wire[name];
  if (list === undefined || list === null) return none;
  if (!Array.isArray(list)) {
    finds.skipped.push({ place: `${place}${name}`, reason: 'not_a_list' });
    return none;
  }
  if (list.length <= max) return list;
  finds.skipped.push({ place: `${place}${name}`, reason: 'too_many' });
  return list.slice(0, max);
}

const none: unknown[] = [];

export const NAME_MAX_LENGTH = 260; // characters; longer file names than any file system takes are cut
export const TITLE_MAX_LENGTH = 1024;
export const URL_MAX_LENGTH = 4096;
export const PLACEHOLDER_MAX_LENGTH = 200; // a ThumbHash is about 28 bytes, in base64
export const CONTENT_TYPE_MAX_LENGTH = 200;
export const PERSON_NAME_MAX_LENGTH = 100;
export const INT4_MAX = 2 ** 31 - 1;
