import { expect, test } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { Lanes } from './lanes.ts';

const hourLater: Clock = { now: () => 3_600_000, monotonic: () => 3_600_000, sleep: async () => {} };

/** Asks for as many others as make it look for idle ones. */
function sweep(lanes: Lanes): void {
  for (let n = 0; n < 1_000; n += 1) lanes.of('other', String(n));
}

test('a lane whose first request still waits is not forgotten; one that nobody uses is', () => {
  const lanes = new Lanes(hourLater);
  const lane = lanes.of('GET', '1');
  lane.underWay += 1;
  sweep(lanes);
  expect(lanes.of('GET', '1')).toBe(lane);
  lane.underWay -= 1;
  sweep(lanes);
  expect(lanes.of('GET', '1')).not.toBe(lane);
});
