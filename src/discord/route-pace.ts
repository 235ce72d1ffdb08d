import type { LanePace } from './lane-pace.ts';
import type { Pace } from './rate-limit.ts';
import { type Priority, TurnQueue } from './turn-queue.ts';

const CAUTIOUS_WINDOW_MS = 5_000; // the span over which Discord is known to limit the reading of a channel
const CAUTIOUS_REQUESTS = 4; // a lane below this many in the window needs no caution
const TRUST_AFTER = 20; // a lane that got this many in one window shows that no small limit is hidden

/**
 * What the lanes of one route (the same path for other channels) know together. Friendly headers can lie until a
 * refusal tells the truth, so while nothing is learned, only one lane at a time, the scout, goes beyond a cautious
 * pace: it alone meets the refusal from which all then learn.
 */
export class RoutePace {
  learned: Pace | null = null;
  #isTrusted = false;
  readonly #scouts = new TurnQueue();

  /** Resolves when the lane may send as far as the hidden limit goes; call the answer when its response is there. */
  async enter(lane: LanePace, now: number, priority: Priority, signal: AbortSignal): Promise<() => void> {
    return this.#needsCaution(lane, now) ? this.#scouts.take(priority, signal) : () => {};
  }

  answered(lane: LanePace, now: number): void {
    if (lane.answeredSince(now - CAUTIOUS_WINDOW_MS) >= TRUST_AFTER) this.#isTrusted = true;
  }

  #needsCaution(lane: LanePace, now: number): boolean {
    if (this.#isTrusted || this.learned) return false;
    // A small promised limit is kept by its own headers; the lies seen so far promise a thousand.
    if (lane.promisedLimit !== null && lane.promisedLimit <= TRUST_AFTER) return false;
    return lane.answeredSince(now - CAUTIOUS_WINDOW_MS) >= CAUTIOUS_REQUESTS;
  }
}
