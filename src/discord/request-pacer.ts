import type { Clock } from '../lib/clock.ts';
import { type Departure, SendWindow } from './send-window.ts';
import { type Priority, TurnQueue } from './turn-queue.ts';

/** Discord's limit for one token, in any view of a second. */
export const GLOBAL_REQUESTS_PER_SECOND = 50;
/**
 * How far late sends may be made up for, at twice the pace. Timers are late by a millisecond or two, and a busy
 * process by many; what was lost longer ago is lost, so that a stall is not followed by a long rush.
 */
const CATCH_UP_MS = 100;
const SLOWED_TO = 0.7; // of the pace, after a global refusal: others send with our token as well
const LEAST_PER_SECOND = 5;
const RECOVERY_MS = 5_000; // for each request a second that we dare more again
const ONE_REFUSAL_MS = 1_000; // refusals this close together are one: they were on their way already

/**
 * Spaces the sends of all requests evenly and keeps them within the global limit as Discord sees it. Interactive
 * requests go first, then the guilds in turn.
 */
export class RequestPacer {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #turns = new TurnQueue();
  readonly #window: SendWindow;
  #nextAt = Number.NEGATIVE_INFINITY;
  #lastAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = 0;
  #slowed = { at: Number.NEGATIVE_INFINITY, perSecond: Number.POSITIVE_INFINITY };

  constructor(clock: Clock, perSecond = GLOBAL_REQUESTS_PER_SECOND) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#window = new SendWindow(perSecond);
  }

  /** Milliseconds that a pause for everything still lasts. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntil - this.#clock.monotonic());
  }

  /** After a global refusal: nothing leaves for so long, and then less than before, for a while. */
  pause(ms: number): void {
    const now = this.#clock.monotonic();
    this.#pausedUntil = Math.max(this.#pausedUntil, now + ms);
    if (now < this.#slowed.at + ONE_REFUSAL_MS) return;
    const perSecond = Math.max(LEAST_PER_SECOND, Math.floor(this.#limit(now) * SLOWED_TO));
    this.#slowed = { at: now, perSecond };
  }

  /**
   * Resolves when the request may leave; its departure must be ended in any case. A pause is not waited for here: the
   * caller decides whether it is too long.
   */
  async turn(priority: Priority, share: string, signal: AbortSignal): Promise<Departure> {
    const monotonic = () => this.#clock.monotonic();
    const leave = await this.#turns.take(priority, signal, share);
    try {
      for (let at = this.#opensAt(); at > monotonic(); at = this.#opensAt()) {
        await sleepUntil(this.#clock, at, signal);
      }
      const now = monotonic();
      this.#nextAt = Math.max(this.#nextAt, now - CATCH_UP_MS) + this.#intervalMs(now);
      this.#lastAt = now;
      return this.#window.depart(monotonic);
    } finally {
      leave();
    }
  }

  #opensAt(): number {
    const now = this.#clock.monotonic();
    const apart = this.#lastAt + this.#intervalMs(now) / 2;
    return Math.max(this.#nextAt, apart, this.#window.nextAt(this.#limit(now), now));
  }

  #intervalMs(now: number): number {
    return 1_000 / this.#limit(now);
  }

  #limit(now: number): number {
    const { at, perSecond } = this.#slowed;
    return Math.min(this.#perSecond, perSecond + Math.floor((now - at) / RECOVERY_MS));
  }
}

/** Sleeps again when a timer fired early. */
export async function sleepUntil(clock: Clock, time: number, signal: AbortSignal): Promise<void> {
  for (let ms = time - clock.monotonic(); ms > 0; ms = time - clock.monotonic()) {
    await clock.sleep(Math.max(1, Math.ceil(ms)), signal);
  }
}
