import type { Clock } from '../lib/clock.ts';
import type { Priority } from './turn-queue.ts';

export const INVALID_WINDOW_MS = 10 * 60_000; // Discord counts 401, 403 and 429 over this time …
/** … and bans the address at 10,000. Two programs behind one address that both stop here stay clear of it. */
export const INVALID_STOP_AT = 4_000;
/** Of that, background requests leave a rest to what somebody waits for … */
const BACKGROUND_PART = 3 / 4;
/** … and those of one guild leave some to other guilds: whoever manages one can have it scanned again and again. */
const SHARE_PART = 1 / 8;
const SLICE_MS = 10_000; // counted in slices, so that the count costs a bounded number of entries

type Slice = { startedAt: number; count: number; ofShares: Map<string, number> };

/** How many of our requests Discord refused lately, so that we stop long before it bans our address for an hour. */
export class InvalidRequestBudget {
  readonly #clock: Clock;
  readonly #stopAt: number;
  #slices: Slice[] = [];

  constructor(clock: Clock, stopAt = INVALID_STOP_AT) {
    this.#clock = clock;
    this.#stopAt = stopAt;
  }

  /** `share`: whose request it was, a guild's id; empty: nobody's in particular. */
  add(share: string): void {
    const now = this.#clock.monotonic();
    let slice = this.#slices.at(-1);
    if (!slice || now >= slice.startedAt + SLICE_MS) {
      slice = { startedAt: now, count: 0, ofShares: new Map() };
      this.#slices.push(slice);
    }
    slice.count += 1;
    slice.ofShares.set(share, (slice.ofShares.get(share) ?? 0) + 1);
  }

  /** 0 while there is budget, else milliseconds until there is some again. */
  waitMs(priority: Priority, share: string): number {
    const now = this.#clock.monotonic();
    this.#slices = this.#slices.filter((slice) => leavesAt(slice) > now);
    const all = (slice: Slice) => slice.count;
    if (priority === 'interactive') return this.#waitMs(now, this.#stopAt, all);
    const waitMs = this.#waitMs(now, this.#stopAt * BACKGROUND_PART, all);
    if (waitMs > 0 || share === '') return waitMs;
    return this.#waitMs(now, this.#stopAt * SHARE_PART, (slice) => slice.ofShares.get(share) ?? 0);
  }

  #waitMs(now: number, stopAt: number, countOf: (slice: Slice) => number): number {
    const oldest = this.#slices.find((slice) => countOf(slice) > 0);
    const total = this.#slices.reduce((sum, slice) => sum + countOf(slice), 0);
    return oldest && total >= stopAt ? leavesAt(oldest) - now : 0;
  }
}

function leavesAt({ startedAt }: Slice): number {
  return startedAt + SLICE_MS + INVALID_WINDOW_MS;
}
