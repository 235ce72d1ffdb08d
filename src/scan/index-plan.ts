import type { IndexPlace } from '../db/index-pages.ts';
import type { IndexScope } from '../db/index-scope.ts';
import type { SearchQuery } from '../discord/rest.ts';

/**
 * What Discord's search index is asked, one search after the other. Filters of different kinds all hold at once, so
 * "a video, or a file of these names" takes two searches; from the second on, what `has=video` told is left out
 * (`-video`), so that each message costs its place in a page once.
 */
export const indexSearches = ['video', 'named', 'embed', 'forward'] as const;
export type IndexSearch = (typeof indexSearches)[number];

export const INDEX_PAGE_SIZE = 25; // the most that Discord sends at once
const MAX_EXTENSIONS = 100; // Discord's bound; a guild whose channels count more formats leaves the rest to the walk

/** A search whose pages tell of no video so often in a row finds other things: 1,000 messages are enough of them. */
export const MAX_BARREN_PAGES = 40;

export function indexQuery(place: IndexPlace, scope: IndexScope, offset: number): SearchQuery {
  return {
    ...filters[asIndexSearch(place.search)](scope),
    ...(place.nextMaxId === null ? {} : { maxId: place.nextMaxId }),
    ...(scope.includesNsfw ? { includeNsfw: true } : {}),
    ...(offset === 0 ? {} : { offset }),
    sortOrder: 'desc',
    limit: INDEX_PAGE_SIZE,
  };
}

const filters: Record<IndexSearch, (scope: IndexScope) => SearchQuery> = {
  video: () => ({ has: ['video'] }),
  named: ({ formats }) => ({
    has: ['-video'],
    attachmentExtensions: formats.slice(0, MAX_EXTENSIONS),
  }),
  embed: () => ({ has: ['-video'], embedTypes: ['video', 'gif'] }),
  forward: () => ({ has: ['snapshot', '-video'] }),
};

/** A stored name of a search; one that this version does not know means the pass begins anew. */
export function asIndexSearch(name: string): IndexSearch {
  return indexSearches.find((search) => search === name) ?? indexSearches[0];
}

/** The first page of the search after this one; null after the last. */
export function nextSearch({ search }: IndexPlace): IndexPlace | null {
  const next = indexSearches[indexSearches.indexOf(asIndexSearch(search)) + 1];
  return next === undefined ? null : { search: next, nextMaxId: null, barrenPages: 0 };
}

export type FoundPage = {
  ids: readonly bigint[];
  /** How many messages Discord says the search finds from here on; it may be wrong. */
  totalResults: number;
  isSecondLook: boolean;
  hasVideos: boolean;
};

export type SettledIndexPage =
  /** Nothing was told below the place, yet there may be more: ask again, past as many messages as came. */
  | { outcome: 'look_again'; offset: number }
  /** Write the page; the pass goes on at `next`, or has ended where that is null. */
  | { outcome: 'settled'; next: IndexPlace | null };

/**
 * Where a pass goes on after a page. Pages go down by the lowest id that was told: neither the length of a page nor
 * the number of results is reliable, and messages come twice. A page with nothing below the place is the end when
 * Discord says that nothing follows, or when a second look brings nothing either.
 */
export function settleIndexPage(place: IndexPlace, page: FoundPage): SettledIndexPage {
  const below =
    place.nextMaxId === null ? page.ids : page.ids.filter((id) => id < BigInt(place.nextMaxId ?? 0));
  const lowest = minId(below);
  if (lowest === null) {
    const isEnd = page.isSecondLook || (page.ids.length === 0 && page.totalResults === 0);
    if (isEnd) return { outcome: 'settled', next: nextSearch(place) };
    return { outcome: 'look_again', offset: page.ids.length };
  }
  const barrenPages = page.hasVideos ? 0 : place.barrenPages + 1;
  if (barrenPages >= MAX_BARREN_PAGES) return { outcome: 'settled', next: nextSearch(place) };
  return {
    outcome: 'settled',
    next: { search: asIndexSearch(place.search), nextMaxId: String(lowest), barrenPages },
  };
}

function minId(ids: readonly bigint[]): bigint | null {
  return ids.reduce<bigint | null>((least, id) => (least === null || id < least ? id : least), null);
}
