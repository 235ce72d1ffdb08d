import type { Clock } from '../lib/clock.ts';

/**
 * Which shards of this process are connected to Discord's gateway, and since when one that was to be is not; or that
 * another process has the gateway, and this one stands by.
 */
export class GatewayState {
  readonly #clock: Clock;
  readonly #live = new Set<number>();
  readonly #lost = new Set<number>();
  #downSinceMs: number | null;
  #isStandby = false;

  /** Not connected until the first shard is. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#downSinceMs = clock.now();
  }

  setUp(shardId: number): void {
    this.#live.add(shardId);
    this.#lost.delete(shardId);
    if (this.#lost.size === 0) this.#downSinceMs = null;
  }

  /** Told again at each attempt that fails; the first time counts. */
  setDown(shardId: number): void {
    this.#live.delete(shardId);
    this.#lost.add(shardId);
    this.#downSinceMs ??= this.#clock.now();
  }

  /** None is to be connected from now on … */
  standBy(): void {
    this.#live.clear();
    this.#lost.clear();
    this.#isStandby = true;
    this.#downSinceMs = null;
  }

  /** … until now. */
  takeTurn(): void {
    if (!this.#isStandby) return;
    this.#isStandby = false;
    this.#downSinceMs = this.#clock.now();
  }

  get isStandby(): boolean {
    return this.#isStandby;
  }

  liveShards(): number[] {
    return [...this.#live];
  }

  /** Null while all that have connected still are, and while none is to be. */
  downSince(): Date | null {
    return this.#downSinceMs === null ? null : new Date(this.#downSinceMs);
  }
}
