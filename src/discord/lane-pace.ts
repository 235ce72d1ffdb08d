import type { Pace, Promised, Refusal } from './rate-limit.ts';

/** Added to every computed wait: timers may fire a millisecond early, clocks tick differently. */
const MARGIN_MS = 20;
const MAX_REMEMBERED = 256; // answers remembered per lane: the largest limit that can be learned
const MAX_WINDOW_MS = 60_000; // longer spans are waits, not paces
const MAX_PASSED_MS = 15_000; // a full window took us longer: somebody else with our token filled it
const STRETCH = 1.1; // when a learned pace is refused all the same
const IDLE_AFTER_MS = 2 * MAX_WINDOW_MS;

/**
 * What one lane (one route of one channel or guild) may send next. Times are monotonic milliseconds.
 *
 * The next request of a full window leaves one window after the *answer* to the first: however long requests
 * travel, the server then never sees more than the limit within the window.
 */
export class LanePace {
  #exchanges: { sentAt: number; answeredAt: number }[] = [];
  #blockedUntil = 0;
  /** The limit that the latest answer's headers named. */
  promisedLimit: number | null = null;

  /** The earliest time for the next request under the pace learned for the route, if one is. */
  nextAt(learned: Pace | null): number {
    const first = learned && this.#exchanges.at(-learned.limit);
    const paced = learned && first ? first.answeredAt + learned.windowMs + MARGIN_MS : 0;
    return Math.max(paced, this.#blockedUntil);
  }

  answered(sentAt: number, answeredAt: number, promised: Promised): void {
    this.#exchanges.push({ sentAt, answeredAt });
    if (this.#exchanges.length > MAX_REMEMBERED) this.#exchanges.shift();
    this.promisedLimit = promised.limit;
    if (promised.remaining === 0 && promised.resetAfterMs) this.block(answeredAt + promised.resetAfterMs);
  }

  block(until: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until + MARGIN_MS);
  }

  /** How many requests were answered since that time. */
  answeredSince(time: number): number {
    return this.#exchanges.filter((exchange) => exchange.answeredAt >= time).length;
  }

  /**
   * The pace that a refusal teaches: its limit, over the time it asks for plus what had passed since the first
   * request of the full window. Null when it says too little, or speaks of others' requests.
   */
  learn(sentAt: number, refusal: Refusal, learned: Pace | null): Pace | null {
    const { limit, remaining, resetAfterMs, retryAfterMs } = refusal;
    const waitMs = resetAfterMs ?? retryAfterMs;
    if (refusal.isGlobal || refusal.isShared || !waitMs || (remaining ?? 0) > 0) return null;
    if (!limit || !Number.isInteger(limit) || limit > MAX_REMEMBERED) return null;
    const sinceFirstMs = sentAt - (this.#exchanges.at(-limit)?.sentAt ?? sentAt);
    const passedMs = sinceFirstMs <= MAX_PASSED_MS ? sinceFirstMs : 0;
    const stretchedMs = learned?.limit === limit ? learned.windowMs * STRETCH : 0;
    const windowMs = Math.max(waitMs + passedMs, stretchedMs);
    return windowMs <= MAX_WINDOW_MS ? { limit, windowMs } : null;
  }

  /** Whether forgetting this lane loses nothing. */
  isForgettable(now: number): boolean {
    return now > this.#blockedUntil && now > (this.#exchanges.at(-1)?.answeredAt ?? 0) + IDLE_AFTER_MS;
  }
}
