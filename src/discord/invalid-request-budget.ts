import type { Clock } from '../lib/clock.ts';

export const INVALID_WINDOW_MS = 10 * 60_000; // Discord counts 401, 403 and 429 over this time …
/** … and bans the address at 10,000. Two programs behind one address that both stop here stay clear of it. */
export const INVALID_STOP_AT = 4_000;
const SLICE_MS = 10_000; // counted in slices, so that the count costs a bounded number of entries

/** How many of our requests Discord refused lately, so that we stop long before it bans our address for an hour. */
export class InvalidRequestBudget {
  readonly #clock: Clock;
  readonly #stopAt: number;
  #slices: { startedAt: number; count: number }[] = [];

  constructor(clock: Clock, stopAt = INVALID_STOP_AT) {
    this.#clock = clock;
    this.#stopAt = stopAt;
  }

  add(): void {
    const now = this.#clock.monotonic();
    const last = this.#slices.at(-1);
    if (last && now < last.startedAt + SLICE_MS) last.count += 1;
    else this.#slices.push({ startedAt: now, count: 1 });
  }

  /** 0 while there is budget, else milliseconds until there is some again. */
  waitMs(): number {
    const now = this.#clock.monotonic();
    this.#slices = this.#slices.filter((slice) => leavesAt(slice.startedAt) > now);
    const total = this.#slices.reduce((sum, slice) => sum + slice.count, 0);
    const oldest = this.#slices[0];
    return oldest && total >= this.#stopAt ? leavesAt(oldest.startedAt) - now : 0;
  }
}

function leavesAt(startedAt: number): number {
  return startedAt + SLICE_MS + INVALID_WINDOW_MS;
}
