import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasId, type IdRange, subtractRanges } from '../lib/ranges.ts';
import { OPEN_BOTTOM, OPEN_TOP, planHoles, settlePage, wantedRange } from './scan-plan.ts';

const r = (low: number, high: number | bigint): IdRange => ({ low: BigInt(low), high: BigInt(high) });

test('bounds are exclusive', () => {
  expect(wantedRange({ afterMessageId: null, beforeMessageId: null })).toEqual(r(1, OPEN_TOP));
  expect(wantedRange({ afterMessageId: '60', beforeMessageId: '90' })).toEqual(r(61, 90));
  expect(planHoles(wantedRange({ afterMessageId: '90', beforeMessageId: '60' }), [])).toEqual([]);
});

test('the newest hole comes first', () => {
  expect(planHoles(r(1, OPEN_TOP), [r(10, 20), r(30, 40)])).toEqual([r(40, OPEN_TOP), r(20, 30), r(1, 10)]);
});

const settle = (holes: [IdRange, ...IdRange[]], pageIds: bigint[], highestKnownId: bigint | null = null) =>
  settlePage({ holes, highestKnownId, channelId: 2n }, pageIds);

test('a page proves everything from its oldest message up to the page before', () => {
  expect(settle([r(1, OPEN_TOP)], [95n, 90n, 85n])).toEqual({
    covered: r(85, 96),
    ids: [95n, 90n, 85n],
    holes: [r(1, 85)],
  });
  expect(settle([r(1, 85)], [70n], 95n)).toEqual({ covered: r(70, 85), ids: [70n], holes: [r(1, 70)] });
});

test('an empty page closes all holes to their bottom', () => {
  expect(settle([r(10, 70)], [], 95n)).toEqual({ covered: r(10, 70), ids: [], holes: [] });
  expect(settle([r(50, 70), r(1, 30)], [], 95n)).toEqual({ covered: r(1, 70), ids: [], holes: [] });
});

test('the message above a hole is no part of it, and shows that it exists', () => {
  expect(settle([r(10, 70)], [70n])).toEqual({ covered: r(10, 70), ids: [], holes: [] });
});

test('a page that reaches below a bounded hole closes it and brings only what belongs to it', () => {
  expect(settle([r(50, 80)], [75n, 60n, 40n], 200n)).toEqual({
    covered: r(50, 80),
    ids: [75n, 60n],
    holes: [],
  });
});

test('a page closes every hole that it reaches past, and brings nothing of the strips between them', () => {
  const holes: [IdRange, ...IdRange[]] = [r(80, 90), r(60, 70), r(30, 40), r(5, 10)];
  expect(settle(holes, [85n, 75n, 65n, 50n], 99n)).toEqual({
    covered: r(60, 90),
    ids: [85n, 65n],
    holes: [r(30, 40), r(5, 10)],
  });
  expect(settle(holes, [75n, 35n], 99n)).toEqual({
    covered: r(35, 90),
    ids: [35n],
    holes: [r(30, 35), r(5, 10)],
  });
});

test('nothing is older than the message that a post begins with, which has the id of the post', () => {
  const page = { holes: [r(1, OPEN_TOP)] as [IdRange], highestKnownId: null, channelId: 70n };
  expect(settlePage(page, [80n, 70n])).toEqual({ covered: r(1, 81), ids: [80n, 70n], holes: [] });
  expect(settlePage(page, [80n, 75n]).holes).toEqual([r(1, 75)]);
});

test('nothing is claimed above the highest id that is known to exist', () => {
  expect(settle([r(50, 1000)], [75n, 40n]).covered).toEqual(r(50, 76));
  expect(settle([r(50, 1000)], []).covered).toBeNull();
  expect(settle([r(1, OPEN_TOP)], []).covered).toBeNull();
  expect(settle([r(50, OPEN_TOP)], [30n]).covered).toBeNull();
});

test('walking any history in pages of any size covers exactly what exists, once, whatever was covered before', () => {
  const history = fc.uniqueArray(fc.integer({ min: 100, max: 400 }), { maxLength: 60 });
  const strips = fc.array(fc.tuple(fc.integer({ min: 90, max: 400 }), fc.integer({ min: 1, max: 40 })), {
    maxLength: 5,
  });
  const sizes = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(history, strips, sizes, fc.integer({ min: 90, max: 420 }), (ids, known, size, after) => {
      const newestFirst = ids.sort((a, b) => b - a).map(BigInt);
      const wanted = { low: after < 100 ? OPEN_BOTTOM : BigInt(after) + 1n, high: OPEN_TOP };
      const isScanned = (id: bigint) => known.some(([low, width]) => low <= id && id < low + width);
      let [hole, ...others]: readonly IdRange[] = planHoles(wanted, normalised(known));
      const seen: bigint[] = [];
      const covered: IdRange[] = [];
      let highestKnownId: bigint | null = null;
      for (let requests = 0; hole; requests += 1) {
        expect(requests).toBeLessThan(100);
        const end: bigint = hole.high;
        const page = newestFirst.filter((id) => id < end).slice(0, size);
        const settled = settlePage({ holes: [hole, ...others], highestKnownId, channelId: 2n }, page);
        if (settled.covered) covered.push(settled.covered);
        seen.push(...settled.ids);
        highestKnownId ??= page[0] ?? null;
        [hole, ...others] = settled.holes;
      }
      expect(seen).toEqual(newestFirst.filter((id) => id >= wanted.low && !isScanned(id)));
      const top = newestFirst[0] ?? 0n;
      for (let id = 90n; id < 421n; id += 1n) {
        const isCovered = isScanned(id) || covered.some((range) => hasId([range], id));
        if (id <= top) expect(isCovered).toBe(isScanned(id) || wanted.low <= id);
        else expect(isCovered).toBe(isScanned(id));
      }
    }),
  );
});

function normalised(strips: [number, number][]): IdRange[] {
  const covered = strips.map(([low, width]) => r(low, low + width));
  const free = covered.reduce<IdRange[]>(
    (left, strip) => left.flatMap((range) => subtractRanges(range, [strip])),
    [r(0, OPEN_TOP)],
  );
  return subtractRanges(r(0, OPEN_TOP), free);
}
