import { expect, test } from 'vitest';
import { decodeCursor, decodeRunCursor, encodeCursor, encodeRunCursor } from './cursor.ts';

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

const id = '0b6e1c1e-3f0a-4d0a-9b53-0d7f0c1c9a11';

test.each([0, 1, 2])('a place among runs survives: group %i', (group) => {
  const place = { group, createdAt: new Date('2026-11-30T12:00:00.123Z'), id };
  expect(decodeRunCursor(encodeRunCursor(place))).toEqual(place);
});

test.each([
  ['nothing', ''],
  ['a place among videos', '1.2'],
  ['a group of two digits', `10.1764504000000.${id}`],
  ['a time beyond JavaScript', `1.99999999999999999.${id}`],
  ['no run id', '1.1764504000000.me'],
  ['SQL', `1.1764504000000.${id}' or true --`],
  ['a fourth part', `1.1764504000000.${id}.1`],
])('refuses among runs %s', (_, place) => {
  expect(decodeRunCursor(Buffer.from(place).toString('base64url'))).toBeNull();
});
