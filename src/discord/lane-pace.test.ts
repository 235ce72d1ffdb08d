import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LanePace } from './lane-pace.ts';
import type { Pace, Refusal } from './rate-limit.ts';

const friendly = { limit: 1000, remaining: 999, resetAfterMs: 1 };
const silent = { limit: null, remaining: null, resetAfterMs: null };

function refusal(changes: Partial<Refusal> = {}): Refusal {
  return {
    limit: 5,
    remaining: 0,
    resetAfterMs: 4_500,
    retryAfterMs: 5_000,
    isGlobal: false,
    isShared: false,
    ...changes,
  };
}

/** A lane whose requests left 100 ms apart and travelled 50 ms there and back. */
function laneWith(requests: number): LanePace {
  const lane = new LanePace();
  for (let n = 0; n < requests; n += 1) lane.answered(n * 100, n * 100 + 50, friendly);
  return lane;
}

describe('headers', () => {
  test('friendly and missing ones do not hold back', () => {
    expect(laneWith(50).nextAt(null)).toBe(0);
    const lane = new LanePace();
    lane.answered(0, 10, silent);
    expect(lane.nextAt(null)).toBe(0);
  });

  test('an honest zero is waited out', () => {
    const lane = new LanePace();
    lane.answered(0, 1_000, { limit: 5, remaining: 0, resetAfterMs: 700 });
    expect(lane.nextAt(null)).toBeGreaterThanOrEqual(1_700);
  });
});

describe('learn', () => {
  test('the window is what is left of it and what had passed since its first request', () => {
    expect(laneWith(5).learn(500, refusal(), null)).toEqual({ limit: 5, windowMs: 5_000 });
    expect(laneWith(30).learn(3_000, refusal(), null)).toEqual({ limit: 5, windowMs: 5_000 });
  });

  test.each([
    [{ isGlobal: true }],
    [{ isShared: true }],
    [{ remaining: 3 }],
    [{ limit: 0 }],
    [{ limit: 2.5 }],
    [{ limit: 1_000 }],
    [{ resetAfterMs: null, retryAfterMs: null }],
    [{ resetAfterMs: 1_800_000 }],
  ])('nothing from %j', (changes) => {
    expect(laneWith(5).learn(500, refusal(changes), null)).toBeNull();
  });

  test('without a limit: what we sent within the usual window, if that was enough to fill one', () => {
    const unnamed = refusal({ limit: null, remaining: null, resetAfterMs: null, retryAfterMs: 4_500 });
    expect(laneWith(5).learn(500, unnamed, null)).toEqual({ limit: 5, windowMs: 5_000 });
    expect(laneWith(3).learn(300, unnamed, null)).toBeNull();
    expect(laneWith(5).learn(500, { ...unnamed, retryAfterMs: 60_000 }, null)).toBeNull();
    expect(laneWith(5).learn(500, unnamed, { limit: 5, windowMs: 5_000 })).toMatchObject({ limit: 5 });
  });

  test('a pace of this lane alone holds for an hour', () => {
    const lane = laneWith(5);
    lane.keep({ limit: 1, windowMs: 30_000 }, 500);
    expect(lane.nextAt({ limit: 5, windowMs: 5_000 })).toBeGreaterThan(30_000);
    lane.answered(4_000_000, 4_000_050, friendly);
    expect(lane.nextAt(null)).toBe(0);
  });

  test('a refusal in spite of the learned pace stretches it', () => {
    const learned = { limit: 5, windowMs: 5_000 };
    expect(laneWith(5).learn(500, refusal({ resetAfterMs: 100 }), learned)?.windowMs).toBeGreaterThan(5_400);
  });

  test('a limit that somebody else used up is not stretched over our own slow requests', () => {
    const lane = new LanePace();
    for (let n = 0; n < 5; n += 1) lane.answered(n * 10_000, n * 10_000 + 50, friendly);
    expect(lane.learn(50_000, refusal(), null)).toEqual({ limit: 5, windowMs: 4_500 });
  });
});

test('a paced lane never exceeds a sliding limit, however long requests and answers travel', () => {
  const travel = fc.integer({ min: 0, max: 400 });
  const paces = fc.record({
    limit: fc.integer({ min: 1, max: 8 }),
    windowMs: fc.integer({ min: 100, max: 5_000 }),
  });
  fc.assert(
    fc.property(
      paces,
      fc.array(fc.tuple(travel, travel), { minLength: 20, maxLength: 60 }),
      (pace: Pace, trips) => {
        const lane = new LanePace();
        const receivedAt: number[] = [];
        let now = 0;
        for (const [there, back] of trips) {
          now = Math.max(now, lane.nextAt(pace));
          receivedAt.push(now + there);
          lane.answered(now, now + there + back, friendly);
          now += there + back;
        }
        receivedAt.forEach((at, index) => {
          const earlier = receivedAt[index - pace.limit];
          if (earlier !== undefined) expect(at - earlier).toBeGreaterThanOrEqual(pace.windowMs);
        });
      },
    ),
  );
});

test('an idle lane may be forgotten; one that is blocked or busy, or has a pace of its own, not', () => {
  const lane = laneWith(1);
  expect(lane.isForgettable(1_000)).toBe(false);
  expect(lane.isForgettable(1_000_000)).toBe(true);
  lane.block(2_000_000);
  expect(lane.isForgettable(1_000_000)).toBe(false);
  const slow = laneWith(1);
  slow.keep({ limit: 1, windowMs: 60_000 }, 1_000);
  expect(slow.isForgettable(1_000_000)).toBe(false);
  expect(slow.isForgettable(5_000_000)).toBe(true);
});
