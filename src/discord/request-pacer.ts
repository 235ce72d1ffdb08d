import type { Clock } from '../lib/clock.ts';
import { type Priority, TurnQueue } from './turn-queue.ts';

/** Discord allows 50 a second in any view of a second; 48 leaves room for two that travel faster than others. */
export const GLOBAL_REQUESTS_PER_SECOND = 48;
/**
 * How far a late send may be made up for. Timers are late by a millisecond or two, which would cost a tenth of the
 * rate; making up for more would be a burst.
 */
const CATCH_UP_MS = 10;

/** Spaces the sends of all requests evenly. Interactive ones go first. */
export class RequestPacer {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #turns = new TurnQueue();
  #nextAt = 0;
  #pausedUntil = 0;

  constructor(clock: Clock, perSecond = GLOBAL_REQUESTS_PER_SECOND) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSecond;
  }

  /** Milliseconds that a pause for everything still lasts. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntil - this.#clock.monotonic());
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + ms);
  }

  /** Resolves when the request may be sent. A pause is not waited for here: the caller decides whether it is too long. */
  async turn(priority: Priority, signal: AbortSignal): Promise<void> {
    const leave = await this.#turns.take(priority, signal);
    try {
      await sleepUntil(this.#clock, this.#nextAt, signal);
      this.#nextAt = Math.max(this.#nextAt, this.#clock.monotonic() - CATCH_UP_MS) + this.#intervalMs;
    } finally {
      leave();
    }
  }
}

/** Sleeps again when a timer fired early. */
export async function sleepUntil(clock: Clock, time: number, signal: AbortSignal): Promise<void> {
  for (let ms = time - clock.monotonic(); ms > 0; ms = time - clock.monotonic()) {
    await clock.sleep(Math.max(1, Math.ceil(ms)), signal);
  }
}
