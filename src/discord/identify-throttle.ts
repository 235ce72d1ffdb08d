import type { Clock } from '../lib/clock.ts';
import { sleepUntil } from './request-pacer.ts';
import { TurnQueue } from './turn-queue.ts';

/** Spaces the IDENTIFYs of this process: one per key, shard modulo max_concurrency, in each interval. */
export class IdentifyThrottle {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #keys = new Map<number, { turns: TurnQueue; nextAt: number }>();

  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  async turn(shardId: number, maxConcurrency: number, signal: AbortSignal): Promise<void> {
    const number = shardId % Math.max(1, maxConcurrency);
    const key = this.#keys.get(number) ?? { turns: new TurnQueue(), nextAt: 0 };
    this.#keys.set(number, key);
    const leave = await key.turns.take('background', signal);
    try {
      await sleepUntil(this.#clock, key.nextAt, signal);
      key.nextAt = this.#clock.monotonic() + this.#intervalMs;
    } finally {
      leave();
    }
  }
}
