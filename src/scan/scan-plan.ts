import { type IdRange, type IdRanges, subtractRanges } from '../lib/ranges.ts';

/** Above every id: the top of a range that ends at "now", whatever the clock says. */
export const OPEN_TOP = 2n ** 63n - 1n;

/** What a run was asked to read; ids are exclusive bounds, null is open. */
export type ScanBounds = { afterMessageId: string | null; beforeMessageId: string | null };

/** Below every id: where a range without a lower bound begins. */
export const OPEN_BOTTOM = 1n;

/** The ids that a run wants covered. */
export function wantedRange({ afterMessageId, beforeMessageId }: ScanBounds): IdRange {
  return {
    low: afterMessageId === null ? OPEN_BOTTOM : BigInt(afterMessageId) + 1n,
    high: beforeMessageId === null ? OPEN_TOP : BigInt(beforeMessageId),
  };
}

/** The holes to walk, newest first: `wanted − scanned`. */
export function planHoles(wanted: IdRange, scanned: IdRanges): IdRange[] {
  return subtractRanges(wanted, scanned).reverse();
}

export type SettledPage = {
  /** The ids that this page proves to be processed, together with the pages above it; null when it proves nothing. */
  covered: IdRange | null;
  /** The page's messages that belong to the hole. */
  ids: bigint[];
  /** Where the next page ends (exclusive); null when the hole is closed. */
  nextBefore: bigint | null;
};

/**
 * What a page proves. It was asked for with `before` (or without, at the open top), so it holds the newest messages
 * below; Discord may send fewer than asked for, so only an empty page, or one that reaches below the hole, ends it.
 *
 * Nothing is claimed above the highest id that is known to exist: a bound in the future, or a clock that is wrong,
 * must not cover messages that are yet to come.
 */
export function settlePage(
  hole: IdRange,
  before: bigint,
  pageIds: readonly bigint[],
  highestKnownId: bigint | null,
): SettledPage {
  const hasOpenBottom = hole.low === OPEN_BOTTOM;
  const below = pageIds.filter((id) => id < before);
  const ids = hasOpenBottom ? below : below.filter((id) => id >= hole.low);
  const oldest = minId(below);
  const known = maxId([...below, ...(highestKnownId === null ? [] : [highestKnownId])]);
  const top = known === null ? null : minId([before, known + 1n]);
  const isClosed = oldest === null || (!hasOpenBottom && oldest <= hole.low);
  const bottom = isClosed ? minId([hole.low, before]) : oldest;
  return {
    covered: top !== null && bottom !== null && bottom < top ? { low: bottom, high: top } : null,
    ids,
    nextBefore: isClosed ? null : oldest,
  };
}

export function minId(ids: readonly bigint[]): bigint | null {
  return ids.reduce<bigint | null>((least, id) => (least === null || id < least ? id : least), null);
}

export function maxId(ids: readonly bigint[]): bigint | null {
  return ids.reduce<bigint | null>((most, id) => (most === null || id > most ? id : most), null);
}
