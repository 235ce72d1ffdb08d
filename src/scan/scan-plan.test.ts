import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasId, type IdRange } from '../lib/ranges.ts';
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

test('a page proves everything from its oldest message up to the page before', () => {
  expect(settlePage(r(1, OPEN_TOP), OPEN_TOP, [90n, 95n, 85n], null)).toEqual({
    covered: r(85, 96),
    ids: [90n, 95n, 85n],
    nextBefore: 85n,
  });
  expect(settlePage(r(1, OPEN_TOP), 85n, [70n], 95n)).toEqual({
    covered: r(70, 85),
    ids: [70n],
    nextBefore: 70n,
  });
});

test('an empty page closes the hole to its bottom', () => {
  expect(settlePage(r(10, OPEN_TOP), 70n, [], 95n)).toEqual({
    covered: r(10, 70),
    ids: [],
    nextBefore: null,
  });
});

test('a page that reaches below a bounded hole closes it and brings only what belongs to it', () => {
  expect(settlePage(r(50, 80), 80n, [75n, 60n, 40n], 200n)).toEqual({
    covered: r(50, 80),
    ids: [75n, 60n],
    nextBefore: null,
  });
});

test('nothing is claimed above the highest id that is known to exist', () => {
  expect(settlePage(r(50, 1000), 1000n, [75n, 40n], null).covered).toEqual(r(50, 76));
  expect(settlePage(r(50, 1000), 1000n, [], null).covered).toBeNull();
  expect(settlePage(r(1, OPEN_TOP), OPEN_TOP, [], null).covered).toBeNull();
  expect(settlePage(r(50, OPEN_TOP), OPEN_TOP, [30n], null).covered).toBeNull();
});

test('walking any history in pages of any size covers exactly what exists, once', () => {
  const history = fc.uniqueArray(fc.integer({ min: 100, max: 400 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      history,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 90, max: 420 }),
      (ids, size, after) => {
        const newestFirst = ids.sort((a, b) => b - a).map(BigInt);
        const hole = { low: after < 100 ? OPEN_BOTTOM : BigInt(after) + 1n, high: OPEN_TOP };
        const seen: bigint[] = [];
        const covered: IdRange[] = [];
        let highestKnownId: bigint | null = null;
        let before: bigint | null = OPEN_TOP;
        for (let requests = 0; before !== null; requests += 1) {
          expect(requests).toBeLessThan(100);
          const end: bigint = before;
          const page = newestFirst.filter((id) => id < end).slice(0, size);
          const settled = settlePage(hole, end, page, highestKnownId);
          if (settled.covered) covered.push(settled.covered);
          seen.push(...settled.ids);
          highestKnownId ??= page[0] ?? null;
          before = settled.nextBefore;
        }
        expect(seen).toEqual(newestFirst.filter((id) => id >= hole.low));
        for (const id of seen) expect(covered.filter((range) => hasId([range], id))).toHaveLength(1);
        const top = newestFirst[0] ?? 0n;
        for (let id = 90n; id < 421n; id += 1n) {
          expect(covered.some((range) => hasId([range], id))).toBe(hole.low <= id && id <= top);
        }
      },
    ),
  );
});
