import type { Pace, Promised, Refusal } from './rate-limit.ts';

/** Added to every computed wait: timers may fire a millisecond early, clocks tick differently. */
const MARGIN_MS = 20;
const MAX_REMEMBERED = 256; // answers remembered per lane: the largest limit that can be learned
const MAX_WINDOW_MS = 60_000; // longer spans are waits, not paces
const MAX_PASSED_MS = 15_000; // a full window took us longer: somebody else with our token filled it
const STRETCH = 1.1; // when a learned pace is refused all the same
const IDLE_AFTER_MS = 2 * MAX_WINDOW_MS;
const OWN_PACE_MS = 60 * 60_000; // a pace that is only this lane's is believed for so long
/** What a refusal that names no limit is taken for: the usual window of Discord's for reading a channel. */
const USUAL_WINDOW_MS = 5_000;
const LEAST_GUESSED = 4; // requests of ours in that window; after fewer, somebody else must have used it up

/**
 * What one lane (one route of one channel or guild) may send next. Times are monotonic milliseconds.
 *
 * The next request of a full window leaves one window after the *answer* to the first: however long requests
 * travel, the server then never sees more than the limit within the window.
 */
export class LanePace {
  #exchanges: { sentAt: number; answeredAt: number }[] = [];
  #blockedUntil = 0;
  #own: { pace: Pace; until: number } | null = null;
  /** The limit that the latest answer's headers named. */
  promisedLimit: number | null = null;

  /** The earliest time for the next request under the pace learned for the route, if one is. */
  nextAt(learned: Pace | null): number {
    return Math.max(this.#pacedUntil(learned), this.#pacedUntil(this.#own?.pace ?? null), this.#blockedUntil);
  }

  #pacedUntil(pace: Pace | null): number {
    const first = pace && this.#exchanges.at(-pace.limit);
    return pace && first ? first.answeredAt + pace.windowMs + MARGIN_MS : 0;
  }

  /** A learned pace that holds for this lane alone. */
  keep(pace: Pace, now: number): void {
    this.#own = { pace, until: now + OWN_PACE_MS };
  }

  answered(sentAt: number, answeredAt: number, promised: Promised): void {
    this.#exchanges.push({ sentAt, answeredAt });
    if (this.#exchanges.length > MAX_REMEMBERED) this.#exchanges.shift();
    this.promisedLimit = promised.limit;
    if (this.#own && answeredAt > this.#own.until) this.#own = null;
    if (promised.remaining === 0 && promised.resetAfterMs) this.block(answeredAt + promised.resetAfterMs);
  }

  block(until: number): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until + MARGIN_MS);
  }

  /** How many requests were answered since that time. */
  answeredSince(time: number): number {
    const before = this.#exchanges.findLastIndex((exchange) => exchange.answeredAt < time);
    return this.#exchanges.length - 1 - before;
  }

  /**
   * The pace that a refusal teaches: its limit, over the time it asks for plus what had passed since the first
   * request of the full window. Null when it says too little, or speaks of others' requests.
   */
  learn(sentAt: number, refusal: Refusal, learned: Pace | null): Pace | null {
    const { limit, remaining, resetAfterMs, retryAfterMs } = refusal;
    const waitMs = resetAfterMs ?? retryAfterMs;
    if (refusal.isGlobal || refusal.isShared || !waitMs || (remaining ?? 0) > 0) return null;
    if (limit === null) return learned ? stretch(learned) : this.#guess(sentAt, waitMs);
    if (!limit || !Number.isInteger(limit) || limit > MAX_REMEMBERED) return null;
    const sinceFirstMs = sentAt - (this.#exchanges.at(-limit)?.sentAt ?? sentAt);
    const passedMs = sinceFirstMs <= MAX_PASSED_MS ? sinceFirstMs : 0;
    const stretchedMs = learned?.limit === limit ? learned.windowMs * STRETCH : 0;
    const windowMs = Math.max(waitMs + passedMs, stretchedMs);
    return windowMs <= MAX_WINDOW_MS ? { limit, windowMs } : null;
  }

  /** As many as we sent in the usual window, if the wait fits into it. */
  #guess(sentAt: number, waitMs: number): Pace | null {
    const since = sentAt + waitMs - USUAL_WINDOW_MS - MARGIN_MS;
    const limit = this.#exchanges.filter((exchange) => exchange.sentAt >= since).length;
    const isOurs = waitMs <= USUAL_WINDOW_MS && limit >= LEAST_GUESSED;
    return isOurs ? { limit, windowMs: USUAL_WINDOW_MS } : null;
  }

  /** Whether forgetting this lane loses nothing. */
  isForgettable(now: number): boolean {
    const idleSince = (this.#exchanges.at(-1)?.answeredAt ?? 0) + IDLE_AFTER_MS;
    return now > Math.max(idleSince, this.#blockedUntil, this.#own?.until ?? 0);
  }
}

function stretch({ limit, windowMs }: Pace): Pace | null {
  return windowMs * STRETCH <= MAX_WINDOW_MS ? { limit, windowMs: windowMs * STRETCH } : null;
}
