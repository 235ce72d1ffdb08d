import { describe, expect, test } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { LanePace } from './lane-pace.ts';
import { RoutePace } from './route-pace.ts';

const HOUR_MS = 60 * 60_000;
const pace = { limit: 5, windowMs: 5_000 };
const friendly = { limit: 1000, remaining: 999, resetAfterMs: 1 };
const never = new AbortController().signal;

test('what is learned is doubted after hours, and after twice as many when it proves true', () => {
  const route = new RoutePace();
  expect(route.learn(pace, 0)).toBe(true);
  expect(route.learned(5 * HOUR_MS)).toEqual(pace);
  expect(route.learned(6 * HOUR_MS)).toBeNull();
  route.learn(pace, 6 * HOUR_MS);
  expect(route.learned(17 * HOUR_MS)).toEqual(pace);
  expect(route.learned(18 * HOUR_MS)).toBeNull();
});

test('a refusal while it is believed renews it, without more trust', () => {
  const route = new RoutePace();
  route.learn(pace, 0);
  route.learn({ limit: 5, windowMs: 5_500 }, 3 * HOUR_MS);
  expect(route.learned(8 * HOUR_MS)).toEqual({ limit: 5, windowMs: 5_500 });
  expect(route.learned(9 * HOUR_MS)).toBeNull();
});

describe('one lane finds out whether friendly headers lie', () => {
  const now = 100_000;
  const busy = () => {
    const lane = new LanePace();
    for (let n = 0; n < 4; n += 1) lane.answered(now - 100, now - 50, friendly);
    return lane;
  };
  const clock = { ...systemClock, monotonic: () => now };

  test('as long as it sends, the others keep a cautious pace', () => {
    const route = new RoutePace();
    const [scout, other] = [busy(), busy()];
    expect(route.cautionMs(new LanePace(), now)).toBe(0);
    expect(route.cautionMs(scout, now)).toBe(0);
    const leave = route.enter(scout, clock);
    expect(route.cautionMs(other, now)).toBeGreaterThan(4_900);
    expect(route.cautionMs(scout, now)).toBe(0);
    leave();
    expect(route.cautionMs(other, now)).toBeLessThan(1_100);
    expect(route.cautionMs(other, now + 1_001)).toBe(0); // it sends no more: the other takes its place
  });

  test('also when what was learned is doubted', () => {
    const route = new RoutePace();
    route.learn(pace, now - 7 * HOUR_MS);
    expect(route.cautionMs(busy(), now)).toBe(0);
    expect(route.cautionMs(busy(), now)).toBeGreaterThan(0);
  });

  test('what it learns wakes those that wait', async () => {
    const route = new RoutePace();
    const waiting = route.sleep(systemClock, 60_000, never);
    route.learn(pace, now);
    await waiting;
    expect(route.cautionMs(busy(), now)).toBe(0);
  });

  test('a lane that gets twenty in the window shows that nothing is hidden', () => {
    const route = new RoutePace();
    const scout = busy();
    for (let n = 0; n < 16; n += 1) scout.answered(now - 40, now - 30, friendly);
    route.answered(scout, now);
    expect(route.cautionMs(busy(), now)).toBe(0);
  });
});

test('what would stop all channels for the sake of one is not for all', () => {
  const route = new RoutePace();
  expect(route.learn({ limit: 1, windowMs: 60_000 }, 0)).toBe(false);
  expect(route.learned(1)).toBeNull();
});
