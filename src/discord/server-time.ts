import type { Clock } from '../lib/clock.ts';

/** How far our clock may be ahead of the `Date` of an answer: that is of whole seconds, and was on its way for a while. */
export const MAX_LEAD_MS = 2_000;

/**
 * What time it is at Discord at the latest: our clock, or where that is ahead, what answers tell. A clock that is ahead
 * would let messages seem old that have only just been made.
 */
export class ServerTime {
  readonly #clock: Clock;
  #told: { dateMs: number; at: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `date`: the header of an answer that came at `at` (monotonic). */
  answered(date: string | string[] | undefined, at: number): void {
    const dateMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(dateMs)) this.#told = { dateMs, at };
  }

  now(): number {
    const own = this.#clock.now();
    if (this.#told === undefined) return own;
    return Math.min(own, this.#told.dateMs + MAX_LEAD_MS + this.#clock.monotonic() - this.#told.at);
  }
}
