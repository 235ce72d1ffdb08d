import type { ClipParticipant } from '../db/videos.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import { isRecord } from '../lib/is-record.ts';
import {
  CONTENT_TYPE_MAX_LENGTH,
  type Finds,
  type FoundFile,
  type Holder,
  INT4_MAX,
  NAME_MAX_LENGTH,
  PERSON_NAME_MAX_LENGTH,
  PLACEHOLDER_MAX_LENGTH,
  readEntries,
  TITLE_MAX_LENGTH,
  URL_MAX_LENGTH,
} from './found-files.ts';
import { linkExpiry } from './signed-link.ts';
import { formatsOf, isOtherType } from './video-formats.ts';
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

const MAX_ATTACHMENTS = 100; // of one message or snapshot; Discord allows 10
const MAX_PARTICIPANTS = 25; // of a clip: as many as a voice channel shows at once

/** The videos among the files that were uploaded with a message. Thumbnails that Discord stores as files are none. */
export function readAttachments(holder: Holder, named: ReadonlySet<string>, finds: Finds): void {
  const entries = readEntries(holder.wire, 'attachments', MAX_ATTACHMENTS, holder.place, finds);
  for (const [index, value] of entries.entries()) {
    const file = readAttachment(value, named, finds);
    if (file === null) continue;
    if (typeof file === 'string') {
      finds.skipped.push({ place: `${holder.place}attachments.${index}`, reason: file });
    } else {
      const source = holder.isForwarded ? 'forward' : 'attachment';
      finds.files.push({ ...file, source, caption: holder.caption });
    }
  }
}

/** Null: no video. A text: why it cannot be told. */
function readAttachment(value: unknown, named: ReadonlySet<string>, finds: Finds) {
  if (!isRecord(value)) return 'not_an_object';
  const { id } = value;
  if (isSnowflake(id)) finds.attachmentIds.push(id);
  const contentType = readText(value.content_type, CONTENT_TYPE_MAX_LENGTH);
  const flags = readWholeNumber(value.flags, Number.MAX_SAFE_INTEGER) ?? 0;
  if (isOtherType(contentType) || (flags & FLAG_THUMBNAIL) !== 0) return null;
  if (!isSnowflake(id)) return 'no_id';
  const filename = readText(value.filename, NAME_MAX_LENGTH);
  if (filename === null) return 'no_name';
  const formats = formatsOf(String(value.filename), contentType, named);
  if (formats === null) return null;
  const url = readUrl(value.url, URL_MAX_LENGTH);
  if (url === null) return 'no_url';
  return {
    id,
    filename,
    formats,
    contentType,
    url,
    title: readText(value.title, TITLE_MAX_LENGTH),
    sizeBytes: readWholeNumber(value.size, Number.MAX_SAFE_INTEGER),
    width: readWholeNumber(value.width, INT4_MAX),
    height: readWholeNumber(value.height, INT4_MAX),
    durationSecs: readPositive(value.duration_secs),
    placeholder: readText(value.placeholder, PLACEHOLDER_MAX_LENGTH),
    isSpoiler: (flags & FLAG_SPOILER) !== 0 || filename.startsWith('SPOILER_'),
    proxyUrl: readUrl(value.proxy_url, URL_MAX_LENGTH),
    urlExpiresAt: linkExpiry(url),
    ...nowhereElse,
    ...((flags & FLAG_CLIP) === 0 ? noClip : readClip(value)),
  } satisfies Omit<FoundFile, 'source' | 'caption'>;
}

const nowhereElse = { pageUrl: null, embedType: null, provider: null, thumbnailUrl: null };

export const noClip = {
  isClip: false,
  clipCreatedAt: null,
  clipApplication: null,
  clipParticipants: null,
};

/** What Discord's own recorder adds: the game, when it was played, and who was there. */
function readClip(wire: Record<string, unknown>) {
  const participants = readList(wire.clip_participants).slice(0, MAX_PARTICIPANTS).flatMap(readParticipant);
  return {
    isClip: true,
    clipCreatedAt: readTime(wire.clip_created_at),
    clipApplication: readText(readRecord(wire.application).name, PERSON_NAME_MAX_LENGTH),
    clipParticipants: participants.length > 0 ? participants : null,
  };
}

function readParticipant(value: unknown): ClipParticipant[] {
  const { id, username, global_name } = readRecord(value);
  if (!isSnowflake(id)) return [];
  return [
    {
      id,
      username: readText(username, PERSON_NAME_MAX_LENGTH),
      global_name: readText(global_name, PERSON_NAME_MAX_LENGTH),
    },
  ];
}
