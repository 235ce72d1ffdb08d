/**
 * Sets of message ids as half-open ranges `[low, high)`: sorted, disjoint, not touching. The same form as
 * PostgreSQL's `int8multirange`, which stores them. All functions are pure and return normalised sets.
 */
export type IdRange = { readonly low: bigint; readonly high: bigint };
export type IdRanges = readonly IdRange[];

/** What of `wanted` is not in `covered`: the holes, lowest first. */
export function subtractRanges(wanted: IdRange, covered: IdRanges): IdRange[] {
  const holes: IdRange[] = [];
  let low = wanted.low;
  for (const range of covered) {
    if (range.high <= low) continue;
    if (range.low >= wanted.high) break;
    if (range.low > low) holes.push({ low, high: range.low });
    low = range.high;
  }
  if (low < wanted.high) holes.push({ low, high: wanted.high });
  return holes;
}

export function hasId(ranges: IdRanges, id: bigint): boolean {
  return ranges.some((range) => range.low <= id && id < range.high);
}

/** The top of the set: the first id above all of it; undefined when empty. */
export function topOf(ranges: IdRanges): bigint | undefined {
  return ranges.at(-1)?.high;
}

/** Reads PostgreSQL's text form, e.g. `{[10,20),[30,40)}`; int8 ranges always arrive as `[low,high)`. */
export function parseMultirange(text: string): IdRange[] {
  return Array.from(text.matchAll(/\[(-?\d+),(-?\d+)\)/g), ([, low = '', high = '']) => ({
    low: BigInt(low),
    high: BigInt(high),
  }));
}
