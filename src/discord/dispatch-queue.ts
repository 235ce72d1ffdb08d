import type { GatewayDispatchPayload } from 'discord-api-types/v10';

/** What RESUME needs. Immutable: each dispatch carries the one that says "everything up to here was delivered". */
export type GatewaySession = {
  readonly sessionId: string;
  readonly resumeUrl: string;
  readonly sequence: number;
  readonly shardCount: number;
};

export type Delivery = { payload: GatewayDispatchPayload; session: GatewaySession };

/**
 * Dispatches of one shard that wait for a slow consumer. From here on the socket is no longer read, so that the
 * network holds Discord back; a few frames more may be on their way through the inflater.
 */
export const MAX_QUEUED_DISPATCHES = 5_000;

/** Hands dispatches to the consumer one after the other, each when the one before was handled. */
export class DispatchQueue {
  readonly #deliver: (delivery: Delivery) => Promise<void>;
  readonly #bound: number;
  #queue: Delivery[] = [];
  #running: Promise<void> | null = null;
  #onDrained: (() => void) | null = null;

  /** `deliver` must not reject. */
  constructor(deliver: (delivery: Delivery) => Promise<void>, bound = MAX_QUEUED_DISPATCHES) {
    this.#deliver = deliver;
    this.#bound = bound;
  }

  get isFull(): boolean {
    return this.#queue.length >= this.#bound;
  }

  push(delivery: Delivery): void {
    this.#queue.push(delivery);
    this.#running ??= this.#run();
  }

  /** Calls back once, when half of the bound is free again. */
  onceDrained(callback: () => void): void {
    this.#onDrained = callback;
  }

  /** Drops what waits, which RESUME brings again. */
  clear(): void {
    this.#queue = [];
  }

  /** Resolves when nothing is being handled and nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      if (this.#queue.length * 2 <= this.#bound) this.#drained();
      await this.#deliver(next);
    }
    this.#running = null;
  }

  #drained(): void {
    const callback = this.#onDrained;
    this.#onDrained = null;
    callback?.();
  }
}
