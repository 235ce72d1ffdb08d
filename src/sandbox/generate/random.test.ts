import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

describe('createRandom', () => {
  it('draws the same for the same seed, on every machine', () => {
    const random = createRandom(42);
    expect([random.int(0, 999), random.int(0, 999), random.int(0, 999)]).toEqual([601, 448, 852]);
  });

  it('keeps forks apart from each other and from what was drawn before', () => {
    const first = createRandom(7);
    const second = createRandom(7);
    second.next();
    expect(first.fork('a').next()).toBe(second.fork('a').next());
    expect(first.fork('a').next()).not.toBe(first.fork('b').next());
  });

  it('follows weights, and never picks what weighs nothing', () => {
    const random = createRandom(3);
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let draw = 0; draw < 4000; draw += 1)
      counts[random.weighted({ often: 3, seldom: 1, never: 0 })] += 1;
    expect(counts.never).toBe(0);
    expect(counts.often / counts.seldom).toBeGreaterThan(2.6);
    expect(counts.often / counts.seldom).toBeLessThan(3.4);
  });

  it('shuffles without losing or doubling anything', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const shuffled = createRandom(1).shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.sort((a, b) => a - b)).toEqual(items);
  });

  it('says so when there is nothing to pick', () => {
    expect(() => createRandom(1).pick([])).toThrow(RangeError);
  });
});
