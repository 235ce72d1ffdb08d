import { describe, expect, test } from 'vitest';
import type { IndexPlace } from '../db/index-pages.ts';
import {
  type FoundPage,
  indexQuery,
  indexSearches,
  MAX_BARREN_PAGES,
  nextSearch,
  settleIndexPage,
} from './index-plan.ts';

const start: IndexPlace = { search: 'video', nextMaxId: null, barrenPages: 0 };
const at = (nextMaxId: string, barrenPages = 0) => ({ search: 'video', nextMaxId, barrenPages });
const page = (ids: number[], over: Partial<FoundPage> = {}): FoundPage => ({
  ids: ids.map(BigInt),
  totalResults: ids.length,
  isSecondLook: false,
  hasVideos: true,
  ...over,
});

describe('a page of search results', () => {
  test('leads below the lowest message, however short it is and in whatever order', () => {
    expect(settleIndexPage(start, page([90, 70, 80]))).toEqual({ outcome: 'settled', next: at('70') });
    expect(settleIndexPage(at('70'), page([69], { totalResults: 500 }))).toEqual({
      outcome: 'settled',
      next: at('69'),
    });
  });

  test('that repeats messages counts by those that are new, compared as numbers', () => {
    expect(settleIndexPage(at('1000'), page([1000, 1001, 999, 998]))).toEqual({
      outcome: 'settled',
      next: at('998'),
    });
    expect(settleIndexPage(at('1000'), page([1000, 1001], { totalResults: 9 }))).toEqual({
      outcome: 'look_again',
      offset: 2,
    });
  });

  test('that is empty is the end when nothing follows by number or by a second look', () => {
    const next = { search: 'named', nextMaxId: null, barrenPages: 0 };
    expect(settleIndexPage(at('70'), page([]))).toEqual({ outcome: 'settled', next });
    expect(settleIndexPage(at('70'), page([], { totalResults: 3 }))).toEqual({
      outcome: 'look_again',
      offset: 0,
    });
    const second = page([], { totalResults: 3, isSecondLook: true });
    expect(settleIndexPage(at('70'), second)).toEqual({ outcome: 'settled', next });
    expect(settleIndexPage(at('70'), page([69], { isSecondLook: true }))).toEqual({
      outcome: 'settled',
      next: at('69'),
    });
  });

  test('without videos is borne with for a while', () => {
    const barren = page([60], { hasVideos: false });
    expect(settleIndexPage(at('70', 3), barren)).toEqual({ outcome: 'settled', next: at('60', 4) });
    expect(settleIndexPage(at('70', 4), page([60]))).toEqual({ outcome: 'settled', next: at('60', 0) });
    expect(settleIndexPage(at('70', MAX_BARREN_PAGES - 1), barren)).toMatchObject({
      next: { search: 'named' },
    });
  });
});

test('the searches follow one another, and a name that is not known begins anew', () => {
  const visited: string[] = [];
  for (let place: IndexPlace | null = start; place !== null; place = nextSearch(place))
    visited.push(place.search);
  expect(visited).toEqual([...indexSearches]);
  expect(nextSearch({ ...start, search: 'colour' })).toMatchObject({ search: 'named' });
});

test('each search leaves out what the first one told, and asks for age-restricted channels only where one is read', () => {
  const scope = { formats: Array.from({ length: 120 }, (_, n) => `f${n}`), includesNsfw: false };
  const query = (search: string) => indexQuery({ search, nextMaxId: null, barrenPages: 0 }, scope, 0);
  expect(query('video')).toEqual({ has: ['video'], sortOrder: 'desc', limit: 25 });
  expect(query('named')).toMatchObject({
    has: ['-video'],
    attachmentExtensions: scope.formats.slice(0, 100),
  });
  expect(query('embed')).toMatchObject({ has: ['-video'], embedTypes: ['video', 'gif'] });
  expect(query('forward')).toMatchObject({ has: ['snapshot', '-video'] });
  expect(indexQuery(at('70'), { ...scope, includesNsfw: true }, 2)).toMatchObject({
    maxId: '70',
    includeNsfw: true,
    offset: 2,
  });
});
