import { expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { MAX_LEAD_MS, ServerTime } from './server-time.ts';

const TOLD = 'Sun, 22 Nov 2026 12:00:00 GMT';
const TOLD_MS = Date.parse(TOLD);

function openTime(ownMs: number) {
  const own = { now: ownMs, monotonic: 5_000 };
  const time = new ServerTime({ ...systemClock, now: () => own.now, monotonic: () => own.monotonic });
  return { own, time };
}

test('our own clock counts where no answer has told of another time', () => {
  const { time } = openTime(TOLD_MS);
  expect(time.now()).toBe(TOLD_MS);
  time.answered(undefined, 5_000);
  time.answered('soon', 5_000);
  expect(time.now()).toBe(TOLD_MS);
});

test('a clock that is behind, or ahead by no more than answers can tell, counts as it is', () => {
  for (const ownMs of [TOLD_MS - 3_600_000, TOLD_MS, TOLD_MS + MAX_LEAD_MS]) {
    const { time } = openTime(ownMs);
    time.answered(TOLD, 5_000);
    expect(time.now()).toBe(ownMs);
  }
});

test('a clock that is ahead is held back to what answers tell, and goes on from there', () => {
  const { own, time } = openTime(TOLD_MS + 3_600_000);
  time.answered(TOLD, 5_000);
  expect(time.now()).toBe(TOLD_MS + MAX_LEAD_MS);
  own.monotonic += 10_000;
  own.now += 10_000;
  expect(time.now()).toBe(TOLD_MS + MAX_LEAD_MS + 10_000);
  own.now = TOLD_MS;
  expect(time.now()).toBe(TOLD_MS);
});
