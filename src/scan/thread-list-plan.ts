import type { ThreadList } from '../db/thread-lists.ts';

/**
 * Discord tells archive times to the microsecond, we keep milliseconds, and `before` leaves out what has that very time.
 * So the next page begins a millisecond above the last thread: those that were archived with it are in it again.
 */
const OVERLAP_MS = 1;

/** One page of archived threads: their archive times, in whatever order, and whether Discord has more. */
export type ThreadPage = { archivedAtMs: readonly number[]; hasMore: boolean };

export type ThreadStep =
  | { kind: 'more'; beganAt: Date | null; nextBefore: Date }
  /** All threads archived up to `listedTo` are listed now. */
  | { kind: 'end'; listedTo: Date | null };

/**
 * Where a listing goes after a page. It ends where everything below was listed before, or at the last thread.
 *
 * NOTE: More threads than a page holds, archived within one millisecond, cannot be told apart by `before`: those beyond
 * the page are passed over, as Discord has no way to ask for them. As long as they were active the gateway told of them.
 */
export function planThreadList(
  list: Pick<ThreadList, 'listedTo' | 'beganAt' | 'nextBefore'>,
  { archivedAtMs, hasMore }: ThreadPage,
): ThreadStep {
  const newestMs = archivedAtMs.reduce((most, time) => Math.max(most, time), Number.NEGATIVE_INFINITY);
  const oldestMs = archivedAtMs.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const beganAt = list.nextBefore === null && archivedAtMs.length > 0 ? new Date(newestMs) : list.beganAt;
  const isKnownBelow = list.listedTo !== null && oldestMs < list.listedTo.getTime();
  if (archivedAtMs.length === 0 || !hasMore || isKnownBelow) {
    return { kind: 'end', listedTo: later(beganAt, list.listedTo) };
  }
  const before = list.nextBefore?.getTime() ?? Number.POSITIVE_INFINITY;
  const nextMs = oldestMs + OVERLAP_MS;
  return { kind: 'more', beganAt, nextBefore: new Date(nextMs < before ? nextMs : before - OVERLAP_MS) };
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
