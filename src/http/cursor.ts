import type { RunPlace } from '../db/run-place.ts';
import { asRunId } from '../db/scan-runs.ts';
import type { VideoPlace } from '../db/videos-list.ts';

const MESSAGE_ID = /^[1-9]\d{0,18}$/;
export const MAX_BIGINT = 2n ** 63n - 1n; // of PostgreSQL
export const VIDEO_ID = /^[\w-]{1,64}$/;
const TIME_MS = /^\d{1,13}$/; // to the year 2286
const MAX_CURSOR_LENGTH = 200; // characters; the longest place needs 112

/** A place in the list of videos as an opaque text for an address. */
export function encodeCursor({ messageId, id }: VideoPlace): string {
  return Buffer.from(`${messageId}.${id}`).toString('base64url');
}

/** Null when the text was not made by `encodeCursor`. */
export function decodeCursor(cursor: string): VideoPlace | null {
  const [messageId = '', id = '', ...rest] = decodeParts(cursor);
  if (
    rest.length > 0 ||
    !MESSAGE_ID.test(messageId) ||
    BigInt(messageId) > MAX_BIGINT ||
    !VIDEO_ID.test(id)
  ) {
    return null;
  }
  return { messageId, id };
}

/** A place in a list of runs, as `encodeCursor` does it for videos. */
export function encodeRunCursor({ group, createdAt, id }: RunPlace): string {
  return Buffer.from(`${group}.${createdAt.getTime()}.${id}`).toString('base64url');
}

/** Null when the text was not made by `encodeRunCursor`. */
export function decodeRunCursor(cursor: string): RunPlace | null {
  const [group = '', createdAt = '', id = '', ...rest] = decodeParts(cursor);
  const isId = asRunId(id) !== null && id === id.toLowerCase(); // as PostgreSQL writes it
  if (rest.length > 0 || !/^\d$/.test(group) || !TIME_MS.test(createdAt) || !isId) return null;
  return { group: Number(group), createdAt: new Date(Number(createdAt)), id };
}

function decodeParts(cursor: string): string[] {
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[\w-]+$/.test(cursor)) return [];
  return Buffer.from(cursor, 'base64url').toString().split('.');
}
