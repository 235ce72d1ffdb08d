import type { VideoPlace } from '../db/videos-list.ts';

const MESSAGE_ID = /^[1-9]\d{0,18}$/;
export const MAX_BIGINT = 2n ** 63n - 1n; // of PostgreSQL
export const VIDEO_ID = /^[\w-]{1,64}$/;
const MAX_CURSOR_LENGTH = 200; // characters; the longest place needs 112

/** A place in the list of videos as an opaque text for an address. */
export function encodeCursor({ messageId, id }: VideoPlace): string {
  return Buffer.from(`${messageId}.${id}`).toString('base64url');
}

/** Null when the text was not made by `encodeCursor`. */
export function decodeCursor(cursor: string): VideoPlace | null {
  if (cursor.length > MAX_CURSOR_LENGTH || !/^[\w-]+$/.test(cursor)) return null;
  const [messageId = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString().split('.');
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
