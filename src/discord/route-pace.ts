import type { Clock } from '../lib/clock.ts';
import { linkSignals } from '../lib/linked-signal.ts';
import type { LanePace } from './lane-pace.ts';
import type { Pace } from './rate-limit.ts';

/** Below the least that Discord is known to allow for the reading of a channel: a lane at this pace needs no caution. */
const CAUTIOUS: Pace = { limit: 4, windowMs: 5_000 };
const SCOUT_IDLE_MS = 1_000; // a scout that sends nothing for so long has nothing more to read: another takes over
const TRUST_AFTER = 20; // a lane that got this many in one window shows that no small limit is hidden
/** A learned pace is doubted after so long, since Discord may have loosened it; twice as long after each refusal … */
const FIRST_DOUBT_MS = 6 * 60 * 60_000;
const MAX_DOUBT_MS = 7 * 24 * 60 * 60_000; // … so that doubting costs a refusal a week in the end
const SLOWEST_FOR_ALL_MS = 5_000; // a request; what is slower is the trouble of one lane, not the pace of its route

/**
 * What the lanes of one route (the same path for other channels) know together. Friendly headers can lie until a
 * refusal tells the truth, so while nothing is learned, only one lane, the scout, goes beyond a cautious pace: it alone
 * meets the refusal from which all then learn. Doubting a pace is unlearning it: a scout goes ahead.
 */
export class RoutePace {
  #learned: Pace | null = null;
  #doubtedAt = 0;
  #doubtMs = FIRST_DOUBT_MS / 2;
  #isTrusted = false;
  #scout: { lane: LanePace; until: number } | null = null;
  #news = new AbortController(); // aborts when something is learned

  learned(now: number): Pace | null {
    return now < this.#doubtedAt ? this.#learned : null;
  }

  /** Whether the pace is one for all lanes. */
  learn(pace: Pace, now: number): boolean {
    if (pace.windowMs / pace.limit > SLOWEST_FOR_ALL_MS) return false;
    if (now >= this.#doubtedAt) this.#doubtMs = Math.min(this.#doubtMs * 2, MAX_DOUBT_MS);
    this.#learned = pace;
    this.#doubtedAt = now + this.#doubtMs;
    this.#isTrusted = false;
    this.#tell();
    return true;
  }

  /** Milliseconds that the lane must wait for a scout to find out more; it becomes the scout where there is none. */
  cautionMs(lane: LanePace, now: number): number {
    if (!this.#needsCaution(lane, now)) return 0;
    if (this.#scout === null || this.#scout.lane === lane || now > this.#scout.until) {
      this.#scout = { lane, until: now + SCOUT_IDLE_MS };
      return 0;
    }
    return Math.min(lane.nextAt(CAUTIOUS), this.#scout.until + 1) - now;
  }

  /** The lane sends; call the answer when it is done. A scout is at work as long as its request is. */
  enter(lane: LanePace, clock: Clock): () => void {
    if (this.#scout?.lane !== lane) return () => {};
    const scout = { lane, until: Number.POSITIVE_INFINITY };
    this.#scout = scout;
    return () => {
      scout.until = clock.monotonic() + SCOUT_IDLE_MS;
    };
  }

  answered(lane: LanePace, now: number): void {
    if (this.#isTrusted || lane.answeredSince(now - CAUTIOUS.windowMs) < TRUST_AFTER) return;
    this.#isTrusted = true;
    this.#tell();
  }

  /** Sleeps, but not beyond the moment in which something is learned: that may shorten the wait. */
  async sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    const { controller, unlink } = linkSignals(signal, this.#news.signal);
    try {
      await clock.sleep(Math.max(1, Math.ceil(ms)), controller.signal);
    } catch (error) {
      if (signal.aborted || !controller.signal.aborted) throw error;
    } finally {
      unlink();
    }
  }

  #tell(): void {
    this.#news.abort();
    this.#news = new AbortController();
  }

  #needsCaution(lane: LanePace, now: number): boolean {
    if (this.#isTrusted || this.learned(now)) return false;
    // A small promised limit is kept by its own headers; the lies seen so far promise a thousand.
    if (lane.promisedLimit !== null && lane.promisedLimit <= TRUST_AFTER) return false;
    return lane.answeredSince(now - CAUTIOUS.windowMs) >= CAUTIOUS.limit;
  }
}
