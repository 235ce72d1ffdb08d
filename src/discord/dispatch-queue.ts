import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import type { Clock } from '../lib/clock.ts';

/** What RESUME needs. Immutable: each dispatch carries the one that says "everything up to here was delivered". */
export type GatewaySession = {
  readonly sessionId: string;
  readonly resumeUrl: string;
  readonly sequence: number;
  readonly shardCount: number;
};

export type Delivery = {
  session: GatewaySession;
  /** Null: Discord answered a heartbeat here. */
  payload: GatewayDispatchPayload | null;
  /** When that heartbeat was sent (monotonic): what Discord dispatched before then has been delivered. */
  heartbeatAt?: number;
  sizeBytes: number;
};

/**
 * Dispatches of one shard that wait for a slow consumer. From here on the socket is no longer read, so that the
 * network holds Discord back; a few frames more may be on their way through the inflater.
 */
export const MAX_QUEUED_DISPATCHES = 5_000;

/**
 * The same by size: at the start each dispatch is a whole guild. In memory, parsed, it takes about five times as much;
 * and 8 MB are as many messages as the bound above.
 */
export const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

/** Dispatches handed over at once: enough that a consumer who writes them in one transaction keeps up with any load. */
const MAX_BATCH = 500;
const MAX_BATCH_BYTES = 1024 * 1024;

export type DispatchQueueOptions = {
  /** Must not reject. */
  deliver: (batch: Delivery[]) => Promise<void>;
  clock: Clock;
  /** Between the beginnings of two deliveries: what comes meanwhile goes together. After a quiet time there is no wait. */
  gatherMs: number;
  bound?: number;
};

/** Hands dispatches to the consumer in order: whatever came while it was busy with those before. */
export class DispatchQueue {
  readonly #options: DispatchQueueOptions;
  #queue: Delivery[] = [];
  #sizeBytes = 0;
  #running: Promise<void> | null = null;
  #deliveredAt = Number.NEGATIVE_INFINITY;
  #onDrained: (() => void) | null = null;

  constructor(options: DispatchQueueOptions) {
    this.#options = options;
  }

  get isFull(): boolean {
    return this.#isFilledTo(1);
  }

  push(delivery: Delivery): void {
    this.#queue.push(delivery);
    this.#sizeBytes += delivery.sizeBytes;
    this.#running ??= this.#run();
  }

  /** Calls back once, when half of the bound is free again. */
  onceDrained(callback: () => void): void {
    this.#onDrained = callback;
  }

  /** Drops what waits, which RESUME brings again. */
  clear(): void {
    this.#queue = [];
    this.#sizeBytes = 0;
  }

  /** Resolves when nothing is being handled and nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#gather();
      const batch = this.#takeBatch();
      if (!this.#isFilledTo(0.5)) this.#drained();
      if (batch.length > 0) await this.#options.deliver(batch);
    }
    this.#running = null;
  }

  async #gather(): Promise<void> {
    const { clock, gatherMs } = this.#options;
    const waitMs = this.#deliveredAt + gatherMs - clock.monotonic();
    if (waitMs > 0 && this.#queue.length < MAX_BATCH) await clock.sleep(waitMs);
    this.#deliveredAt = clock.monotonic();
  }

  /** Of one session: what is saved after a batch must not name a session that the first events are not of. */
  #takeBatch(): Delivery[] {
    const sessionId = this.#queue[0]?.session.sessionId;
    let count = 0;
    let sizeBytes = 0;
    for (const delivery of this.#queue) {
      if (delivery.session.sessionId !== sessionId) break;
      if (count === MAX_BATCH || (count > 0 && sizeBytes + delivery.sizeBytes > MAX_BATCH_BYTES)) break;
      count += 1;
      sizeBytes += delivery.sizeBytes;
    }
    this.#sizeBytes -= sizeBytes;
    return this.#queue.splice(0, count);
  }

  #isFilledTo(share: number): boolean {
    const { bound = MAX_QUEUED_DISPATCHES } = this.#options;
    return this.#queue.length >= bound * share || this.#sizeBytes >= MAX_QUEUED_BYTES * share;
  }

  #drained(): void {
    const callback = this.#onDrained;
    this.#onDrained = null;
    callback?.();
  }
}
