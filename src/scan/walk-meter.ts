import type { WalkPace } from '../db/scan-pages.ts';
import type { Clock } from '../lib/clock.ts';
import type { IdRange, IdRanges } from '../lib/ranges.ts';

const ID_TIME_BITS = 22n; // an id holds its time in milliseconds above these

/**
 * Measures a walk page by page: how long it worked, and how much of the channel's time still lies in holes. Time in
 * which nothing can be (before the channel was made, after its newest message) is no part of it.
 */
export class WalkMeter {
  readonly #clock: Clock;
  readonly #channelId: bigint;
  readonly #planned: IdRanges;
  /** For each planned hole, its width with that of all after it; asked of once, as there may be thousands. */
  #widths: readonly bigint[] | undefined;
  #pageBeganAt: number;

  /** `planned`: the holes to walk. */
  constructor(channelId: bigint, planned: IdRanges, clock: Clock) {
    this.#clock = clock;
    this.#channelId = channelId;
    this.#planned = planned;
    this.#pageBeganAt = clock.monotonic();
  }

  /** Ends the page that has just been settled. `left`: the planned holes that it leaves, perhaps the first in part. */
  settle(left: IdRanges, highestKnownId: bigint | null): WalkPace {
    const now = this.#clock.monotonic();
    const workingMs = now - this.#pageBeganAt;
    this.#pageBeganAt = now;
    const within = { low: this.#channelId, high: (highestKnownId ?? 0n) + 1n };
    this.#widths ??= widthsFromEach(this.#planned, within); // the newest message is known only with the first page
    const [first] = left;
    const others = this.#widths[this.#planned.length - left.length + 1] ?? 0n;
    return {
      workingMs,
      plannedSpanMs: spanMs(this.#widths[0] ?? 0n),
      remainingSpanMs: first ? spanMs(widthWithin(first, within) + others) : 0,
    };
  }
}

function widthsFromEach(ranges: IdRanges, within: IdRange): bigint[] {
  const widths: bigint[] = [];
  for (const range of ranges.toReversed()) widths.push((widths.at(-1) ?? 0n) + widthWithin(range, within));
  return widths.reverse();
}

/** How much of a range lies within another. */
function widthWithin(range: IdRange, within: IdRange): bigint {
  let { low, high } = range;
  if (low < within.low) low = within.low;
  if (high > within.high) high = within.high;
  return high > low ? high - low : 0n;
}

/** The time in which as many ids are made. */
function spanMs(width: bigint): number {
  return Number(width >> ID_TIME_BITS);
}
