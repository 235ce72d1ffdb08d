import { hasId, type IdRange, type IdRanges, subtractRanges } from '../lib/ranges.ts';

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
  /** The ids that are now known to be processed, with what was covered before; null when the page proves nothing. */
  covered: IdRange | null;
  /** The page's messages that lie in holes. */
  ids: readonly bigint[];
  /** What is left to walk, newest first. */
  holes: readonly IdRange[];
};

/** Where a page was asked for: below the top of the newest hole. */
export type PagePlace = {
  /** What is left to walk, newest first; never empty. */
  holes: readonly [IdRange, ...IdRange[]];
  /** The newest message that is known to exist, or to have existed. */
  highestKnownId: bigint | null;
  /** The channel's own id: the message that a post in a forum begins with has it, and nothing is older. */
  channelId: bigint;
};

/**
 * What a page proves. It holds the newest messages below the top of the newest hole, and none that it reaches past is
 * missing from it: so it closes whatever holes lie that high, also across a covered strip. That is how fragments merge:
 * holes with less than a page between them cost one request, and where more lies between, a jump over it costs less
 * than reading it again. Discord may send fewer messages than asked for, so only an empty page is the end.
 *
 * Nothing is claimed above the highest id that is known to exist: a bound in the future, or a clock that is wrong,
 * must not cover messages that are yet to come.
 *
 * `pageIds`: newest first, each once.
 */
export function settlePage(
  { holes, highestKnownId, channelId }: PagePlace,
  pageIds: readonly bigint[],
): SettledPage {
  const before = holes[0].high;
  const [newest] = pageIds;
  const below = newest !== undefined && newest >= before ? pageIds.filter((id) => id < before) : pageIds;
  const oldest = below.at(-1);
  const reach = oldest === undefined || oldest === channelId ? 0n : oldest;
  const untouched = holes.findIndex((hole) => hole.high <= reach);
  const reached = untouched === -1 ? holes : holes.slice(0, untouched);
  const bottom = reached.at(-1)?.low ?? before;
  const top = maxId([highestKnownId ?? 0n, newest ?? 0n]) + 1n;
  const covered = { low: bottom > reach ? bottom : reach, high: top < before ? top : before };
  return {
    covered: covered.low < covered.high ? covered : null,
    ids: reached.length === 1 && bottom <= reach ? below : below.filter((id) => hasId(reached, id)),
    holes: [
      ...(bottom < reach ? [{ low: bottom, high: reach }] : []),
      ...(untouched === -1 ? [] : holes.slice(untouched)),
    ],
  };
}

export function maxId(ids: readonly [bigint, ...bigint[]]): bigint {
  let [most] = ids;
  for (const id of ids) if (id > most) most = id;
  return most;
}
