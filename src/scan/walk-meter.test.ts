import { expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import type { IdRange } from '../lib/ranges.ts';
import { OPEN_BOTTOM, OPEN_TOP } from './scan-plan.ts';
import { WalkMeter } from './walk-meter.ts';

const at = (ms: number): bigint => BigInt(ms) << 22n;
const hole = (low: number, high: number): IdRange => ({ low: at(low), high: at(high) });

function meterOf(channelMadeAt: number, planned: IdRange[]) {
  let now = 0;
  const meter = new WalkMeter(at(channelMadeAt), planned, { ...systemClock, monotonic: () => now });
  return {
    after: (ms: number, left: IdRange[], newest: number | null) => {
      now += ms;
      return meter.settle(left, newest === null ? null : at(newest));
    },
  };
}

test('the whole of a history is the time from the channel to its newest message', () => {
  const meter = meterOf(1_000, [{ low: OPEN_BOTTOM, high: OPEN_TOP }]);
  const left = [{ low: OPEN_BOTTOM, high: at(4_000) }];
  expect(meter.after(250, left, 5_000)).toEqual({
    workingMs: 250,
    plannedSpanMs: 4_000,
    remainingSpanMs: 3_000,
  });
  expect(meter.after(150, [], 5_000)).toEqual({ workingMs: 150, plannedSpanMs: 4_000, remainingSpanMs: 0 });
});

test('of several holes only their widths count, not what is covered between them', () => {
  const meter = meterOf(1_000, [hole(9_000, 9_500), hole(5_000, 5_300), hole(2_000, 2_200)]);
  const pace = meter.after(10, [hole(5_000, 5_100), hole(2_000, 2_200)], 20_000);
  expect(pace).toEqual({ workingMs: 10, plannedSpanMs: 1_000, remainingSpanMs: 300 });
});

test('a channel without messages has nothing to walk', () => {
  const meter = meterOf(1_000, [{ low: OPEN_BOTTOM, high: OPEN_TOP }]);
  expect(meter.after(10, [], null)).toEqual({ workingMs: 10, plannedSpanMs: 0, remainingSpanMs: 0 });
});

test('what lies before its channel was made is walked too, and is no part of the plan', () => {
  const meter = meterOf(1_000, [{ low: OPEN_BOTTOM, high: OPEN_TOP }]);
  const pace = meter.after(10, [{ low: OPEN_BOTTOM, high: at(400) }], 2_000);
  expect(pace).toMatchObject({ plannedSpanMs: 1_000, remainingSpanMs: 0 });
});
