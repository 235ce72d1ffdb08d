import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasId, type IdRange } from '../lib/ranges.ts';
import { OPEN_TOP, planHoles, settlePage, wantedRange } from './scan-plan.ts';

const r = (low: number, high: number | bigint): IdRange => ({ low: BigInt(low), high: BigInt(high) });
const open = { hasOpenBottom: true, highestKnownId: null };

test('bounds are exclusive, and an open bottom ends at the channel itself', () => {
  expect(wantedRange('50', { afterMessageId: null, beforeMessageId: null })).toEqual(r(50, OPEN_TOP));
  expect(wantedRange('50', { afterMessageId: '60', beforeMessageId: '90' })).toEqual(r(61, 90));
});

test('the newest hole comes first', () => {
  expect(planHoles(r(0, OPEN_TOP), [r(10, 20), r(30, 40)], 99n)).toEqual([
    r(40, OPEN_TOP),
    r(20, 30),
    r(0, 10),
  ]);
});

test('a channel whose last message is covered costs no request at its top', () => {
  expect(planHoles(r(0, OPEN_TOP), [r(0, 40)], 39n)).toEqual([]);
  expect(planHoles(r(0, OPEN_TOP), [r(0, 40)], 40n)).toEqual([r(40, OPEN_TOP)]);
  expect(planHoles(r(0, OPEN_TOP), [r(0, 40)], null)).toEqual([r(40, OPEN_TOP)]);
  expect(planHoles(r(50, OPEN_TOP), [], 39n)).toEqual([r(50, OPEN_TOP)]);
});

test('a page proves everything from its oldest message up to the page before', () => {
  expect(settlePage(r(0, OPEN_TOP), OPEN_TOP, [90n, 95n, 85n], open)).toEqual({
    covered: r(85, 96),
    ids: [90n, 95n, 85n],
    nextBefore: 85n,
  });
  expect(settlePage(r(0, OPEN_TOP), 85n, [70n], { ...open, highestKnownId: 95n })).toEqual({
    covered: r(70, 85),
    ids: [70n],
    nextBefore: 70n,
  });
});

test('an empty page closes the hole to its bottom', () => {
  expect(settlePage(r(10, OPEN_TOP), 70n, [], { ...open, highestKnownId: 95n })).toEqual({
    covered: r(10, 70),
    ids: [],
    nextBefore: null,
  });
});

test('a page that reaches below a bounded hole closes it and brings only what belongs to it', () => {
  const bounded = { hasOpenBottom: false, highestKnownId: 200n };
  expect(settlePage(r(50, 80), 80n, [75n, 60n, 40n], bounded)).toEqual({
    covered: r(50, 80),
    ids: [75n, 60n],
    nextBefore: null,
  });
});

test('nothing is claimed above the highest id that is known to exist', () => {
  const bounded = { hasOpenBottom: false, highestKnownId: null };
  expect(settlePage(r(50, 1000), 1000n, [75n, 40n], bounded).covered).toEqual(r(50, 76));
  expect(settlePage(r(50, 1000), 1000n, [], bounded).covered).toBeNull();
  expect(settlePage(r(50, OPEN_TOP), OPEN_TOP, [], open).covered).toBeNull();
  expect(settlePage(r(50, OPEN_TOP), OPEN_TOP, [30n], bounded).covered).toBeNull();
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
        const hasOpenBottom = after < 100;
        const hole = { low: hasOpenBottom ? 100n : BigInt(after) + 1n, high: OPEN_TOP };
        const seen: bigint[] = [];
        const covered: IdRange[] = [];
        let highestKnownId: bigint | null = null;
        let before: bigint | null = OPEN_TOP;
        for (let requests = 0; before !== null; requests += 1) {
          expect(requests).toBeLessThan(100);
          const end: bigint = before;
          const page = newestFirst.filter((id) => id < end).slice(0, size);
          const settled = settlePage(hole, end, page, { hasOpenBottom, highestKnownId });
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
