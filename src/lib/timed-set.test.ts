import { expect, test } from 'vitest';
import { TimedSet } from './timed-set.ts';

function setUp(limit = 10) {
  const time = { ms: 1_000 };
  return { time, set: new TimedSet({ monotonic: () => time.ms }, limit) };
}

test('a key is remembered for its time and not longer', () => {
  const { time, set } = setUp();
  expect(set.has('a')).toBe(false);
  set.add('a', 50);
  time.ms += 49;
  expect(set.has('a')).toBe(true);
  time.ms += 1;
  expect(set.has('a')).toBe(false);
});

test('a longer time counts, whichever came first', () => {
  const { time, set } = setUp();
  set.add('a', 100);
  set.add('a', 50);
  set.add('b', 50);
  set.add('b', 100);
  time.ms += 99;
  expect([set.has('a'), set.has('b')]).toEqual([true, true]);
});

test('of too many keys the first is forgotten', () => {
  const { set } = setUp(2);
  for (const key of ['a', 'b', 'a', 'c']) set.add(key, 50);
  expect(['a', 'b', 'c'].map((key) => set.has(key))).toEqual([false, true, true]);
});
