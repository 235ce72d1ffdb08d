import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasId, type IdRange, parseMultirange, subtractRanges, topOf } from './ranges.ts';

const r = (low: number, high: number): IdRange => ({ low: BigInt(low), high: BigInt(high) });

test('subtracting leaves the holes, lowest first', () => {
  expect(subtractRanges(r(0, 100), [])).toEqual([r(0, 100)]);
  expect(subtractRanges(r(0, 100), [r(0, 100)])).toEqual([]);
  expect(subtractRanges(r(0, 100), [r(10, 20), r(30, 40)])).toEqual([r(0, 10), r(20, 30), r(40, 100)]);
  expect(subtractRanges(r(15, 35), [r(10, 20), r(30, 40)])).toEqual([r(20, 30)]);
  expect(subtractRanges(r(50, 50), [])).toEqual([]);
});

test('an id is in exactly one of: not wanted, covered, a hole', () => {
  const covered = fc
    .uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 12 })
    .map((points) => points.sort((a, b) => a - b))
    .map((points) =>
      points.flatMap((low, i) => {
        const high = points[i + 1];
        return i % 2 === 0 && high !== undefined ? [r(low, high)] : [];
      }),
    );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }), covered, (a, b, ranges) => {
      const holes = subtractRanges(r(a, b), ranges);
      for (let id = 0n; id < 62n; id += 1n) {
        const wanted = a <= id && id < b;
        expect(hasId(holes, id)).toBe(wanted && !hasId(ranges, id));
      }
    }),
  );
});

test('reads the text form of PostgreSQL', () => {
  expect(parseMultirange('{}')).toEqual([]);
  expect(parseMultirange('{[1,5),[1420070400000000000,9223372036854775807)}')).toEqual([
    r(1, 5),
    { low: 1420070400000000000n, high: 9223372036854775807n },
  ]);
  expect(topOf(parseMultirange('{[1,5),[8,9)}'))).toBe(9n);
  expect(topOf([])).toBeUndefined();
});
