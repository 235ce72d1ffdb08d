import type { Clock } from '../lib/clock.ts';

/** What a job may take before it lets others go on; to begin anew costs it one request. */
export const TURN_MS = 30_000;

/** A worker's place, while a job holds it that may take hours: others want to be read too. */
export class Turn {
  readonly #clock: Clock;
  readonly #isOthersTurn: () => Promise<boolean>;
  #endsAt: number;

  constructor(clock: Clock, isOthersTurn: () => Promise<boolean>) {
    this.#clock = clock;
    this.#isOthersTurn = isOthersTurn;
    this.#endsAt = clock.monotonic() + TURN_MS;
  }

  /** True when the time is up and somebody waits whose turn it is; where nobody waits, the next turn begins. */
  async isOver(): Promise<boolean> {
    const now = this.#clock.monotonic();
    if (now < this.#endsAt) return false;
    this.#endsAt = now + TURN_MS;
    return this.#isOthersTurn();
  }
}
