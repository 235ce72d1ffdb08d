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

/** Dispatches handed over at once: enough that a consumer who writes them in one transaction keeps up with any load. */
const MAX_BATCH = 500;

/** Hands dispatches to the consumer in order: whatever came while it was busy with those before. */
export class DispatchQueue {
  readonly #deliver: (batch: Delivery[]) => Promise<void>;
  readonly #bound: number;
  #queue: Delivery[] = [];
  #running: Promise<void> | null = null;
  #onDrained: (() => void) | null = null;

  /** `deliver` must not reject. */
  constructor(deliver: (batch: Delivery[]) => Promise<void>, bound = MAX_QUEUED_DISPATCHES) {
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
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, MAX_BATCH);
      if (this.#queue.length * 2 <= this.#bound) this.#drained();
      await this.#deliver(batch);
    }
    this.#running = null;
  }

  #drained(): void {
    const callback = this.#onDrained;
    this.#onDrained = null;
    callback?.();
  }
}
