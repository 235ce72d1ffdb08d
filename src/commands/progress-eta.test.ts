import { expect, test } from 'vitest';
import { etaSecs } from './progress-eta.ts';

test.each([
  ['half of it in ten seconds', { progress: 0.5, atMs: 10_000 }, 10],
  ['a fifth in a minute', { progress: 0.2, atMs: 60_000 }, 240],
  ['all of it', { progress: 1, atMs: 60_000 }, 0],
  ['too short a time', { progress: 0.5, atMs: 2_000 }, null],
  ['hardly anything', { progress: 0.005, atMs: 60_000 }, null],
  ['less than before', { progress: -0.1, atMs: 60_000 }, null],
])('tells the time left after %s', (_, now, expected) => {
  expect(etaSecs({ progress: 0, atMs: 0 }, now)).toBe(expected);
});

test('counts from the first mark, not from nothing', () => {
  expect(etaSecs({ progress: 0.8, atMs: 5_000 }, { progress: 0.9, atMs: 15_000 })).toBeCloseTo(10);
});
