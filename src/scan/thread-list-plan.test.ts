import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planThreadList } from './thread-list-plan.ts';

const unlisted = { listedTo: null, beganAt: null, nextBefore: null };
const at = (ms: number) => new Date(ms);

test('a listing begins at the top, and goes on just above the last thread of the page', () => {
  expect(planThreadList(unlisted, { archivedAtMs: [90, 80, 70], hasMore: true })).toEqual({
    kind: 'more',
    beganAt: at(90),
    nextBefore: at(71),
  });
});

test('it ends with the last thread, and then all up to where it began is listed', () => {
  const list = { listedTo: null, beganAt: at(90), nextBefore: at(71) };
  expect(planThreadList(list, { archivedAtMs: [70, 60], hasMore: false })).toEqual({
    kind: 'end',
    listedTo: at(90),
  });
  expect(planThreadList(list, { archivedAtMs: [], hasMore: true })).toEqual({
    kind: 'end',
    listedTo: at(90),
  });
  expect(planThreadList(unlisted, { archivedAtMs: [], hasMore: false })).toEqual({
    kind: 'end',
    listedTo: null,
  });
});

test('it ends below what was listed before, not at its very time', () => {
  const list = { listedTo: at(80), beganAt: null, nextBefore: null };
  expect(planThreadList(list, { archivedAtMs: [90, 80], hasMore: true })).toMatchObject({ kind: 'more' });
  expect(planThreadList(list, { archivedAtMs: [90, 79], hasMore: true })).toEqual({
    kind: 'end',
    listedTo: at(90),
  });
  expect(planThreadList(list, { archivedAtMs: [70], hasMore: true })).toEqual({
    kind: 'end',
    listedTo: at(80),
  });
});

test('every page leads further down, so that a listing ends', () => {
  const list = { listedTo: null, beganAt: at(90), nextBefore: at(81) };
  expect(planThreadList(list, { archivedAtMs: [80, 80, 80], hasMore: true })).toMatchObject({
    nextBefore: at(80),
  });
  expect(planThreadList(list, { archivedAtMs: [95], hasMore: true })).toMatchObject({ nextBefore: at(80) });
});

test('whatever was archived when, and wherever a listing is cut off, no thread is missed', () => {
  const pageSize = 4;
  const archive = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 }).filter((times) =>
    // as many as a page holds can be told apart at one time, and no more
    times.every((time) => times.filter((other) => other === time).length < pageSize),
  );
  fc.assert(
    fc.property(archive, archive, (old, added) => {
      const later = added.map((time) => time + 40);
      let list = { ...unlisted } as Parameters<typeof planThreadList>[0];
      const seen = new Set<string>();
      const listAll = (times: number[]) => {
        const threads = times
          .map((time, i) => ({ time, name: `${time} ${i}` }))
          .sort((a, b) => b.time - a.time);
        for (let pages = 0; ; pages += 1) {
          expect(pages).toBeLessThan(200);
          const before = list.nextBefore?.getTime() ?? Number.POSITIVE_INFINITY;
          const below = threads.filter(({ time }) => time < before);
          const page = below.slice(0, pageSize);
          for (const { name } of page) seen.add(name);
          const archivedAtMs = page.map(({ time }) => time);
          const step = planThreadList(list, { archivedAtMs, hasMore: below.length > pageSize });
          if (step.kind === 'end') {
            list = { listedTo: step.listedTo, beganAt: null, nextBefore: null };
            return;
          }
          list = { ...list, beganAt: step.beganAt, nextBefore: step.nextBefore };
        }
      };
      listAll(old);
      listAll([...old, ...later]);
      expect(seen.size).toBe(old.length + later.length);
    }),
  );
});
