import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

test.each([
  { messageId: '1', id: '2' },
  { messageId: '9223372036854775807', id: '1206404304076801129' },
  { messageId: '1206404304076800000', id: 'e-1206404304076800000_2' },
])('a place survives: $messageId, $id', (place) => {
  expect(decodeCursor(encodeCursor(place))).toEqual(place);
});

test.each([
  ['nothing', ''],
  ['no base64', '%%%'],
  ['no place', Buffer.from('hello').toString('base64url')],
  ['a third part', Buffer.from('1.2.3').toString('base64url')],
  ['an id beyond bigint', Buffer.from('9223372036854775808.1').toString('base64url')],
  ['SQL', Buffer.from("1.1' or true --").toString('base64url')],
  ['too much', 'A'.repeat(201)],
])('refuses %s', (_, cursor) => {
  expect(decodeCursor(cursor)).toBeNull();
});
