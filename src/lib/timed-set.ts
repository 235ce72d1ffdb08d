import type { Clock } from './clock.ts';

/** Keys that are remembered for a while. Above the limit, the one that was first remembered is forgotten. */
export class TimedSet {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #limit: number;
  readonly #until = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonic'>, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  has(key: string): boolean {
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (this.#clock.monotonic() < until) return true;
    this.#until.delete(key);
    return false;
  }

  /** Remembers the key for so many milliseconds from now, unless it is to be remembered for longer already. */
  add(key: string, ms: number): void {
    const until = this.#clock.monotonic() + ms;
    this.#until.set(key, Math.max(until, this.#until.get(key) ?? until));
    const [first] = this.#until.keys();
    if (first !== undefined && this.#until.size > this.#limit) this.#until.delete(first);
  }
}
