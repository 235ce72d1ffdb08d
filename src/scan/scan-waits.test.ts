import { expect, test } from 'vitest';
import { growingSecs } from './scan-waits.ts';

test('waits double, up to the longest', () => {
  const wait = { firstSecs: 15, maxSecs: 100 };
  expect([0, 1, 2, 3, 100_000].map((count) => growingSecs(wait, count))).toEqual([15, 30, 60, 100, 100]);
});
