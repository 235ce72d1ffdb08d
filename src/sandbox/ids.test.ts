import { expect, test } from 'vitest';
import { compareIds, createIdSource, idTimeMs, isId, lowerBound, shardOf } from './ids.ts';

test.each([
  ['0', true],
  ['18446744073709551615', true],
  ['18446744073709551616', false],
  ['007', false],
  ['-1', false],
  ['1e5', false],
  ['', false],
])('%s is an id: %s', (text, expected) => {
  expect(isId(text)).toBe(expected);
});

test('ids are ordered as numbers', () => {
  expect(['1000', '999', '5'].sort(compareIds)).toEqual(['5', '999', '1000']);
  const items = ['5', '999', '1000'].map((id) => ({ id }));
  expect(['1', '6', '999', '1001'].map((id) => lowerBound(items, id))).toEqual([0, 1, 1, 3]);
});

test('new ids tell the time, rise within a millisecond, and pass what is there', () => {
  const nextId = createIdSource(() => 1_700_000_000_000);
  const [first, second] = [nextId(), nextId()];
  expect(idTimeMs(first)).toBe(1_700_000_000_000);
  expect(compareIds(second, first)).toBe(1);
  const future = String(BigInt(first) + (1n << 40n));
  expect(nextId(future)).toBe(String(BigInt(future) + 1n));
});

test('the shard of a guild', () => {
  expect(shardOf(String(5n << 22n), 2)).toBe(1);
  expect(shardOf(String(4n << 22n), 2)).toBe(0);
});
