import type { APIGatewayBotInfo, GatewayDispatchPayload } from 'discord-api-types/v10';
import { backoffMs } from '../lib/backoff.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { ClipdexError, isAbortError, messageOf } from '../lib/errors.ts';
import { linkSignals } from '../lib/linked-signal.ts';
import type { Logger } from '../lib/log.ts';
import { isTokenRefused } from './discord-error.ts';
import { type Delivery, DispatchQueue, type GatewaySession } from './dispatch-queue.ts';
import { defaultGatewayLimits, type GatewayLimits } from './gateway-limits.ts';
import { runShard } from './gateway-shard.ts';
import { IdentifyThrottle } from './identify-throttle.ts';
import type { DiscordRest } from './rest.ts';

export type { GatewaySession } from './dispatch-queue.ts';

export type GatewayOptions = {
  rest: Pick<DiscordRest, 'getGatewayBot'>;
  token: string;
  intents: number;
  /** Which of how many shards run here; all that Discord recommends when left out. */
  shards?: { count: number; ids: readonly number[] };
  /** What was saved for a shard, with the same intents, or null. */
  sessions: { load: (shardId: number) => Promise<GatewaySession | null> };
  /**
   * Events of a shard in order, READY and RESUMED included, with the session as it stands after the last of them, to
   * be saved when they are committed. The next come when this has settled. What it rejects with is logged and these
   * events are passed over: a consumer that must not lose them repeats the work itself.
   *
   * `heartbeatAt`: Discord has answered a heartbeat that was sent then (monotonic), so what it had dispatched before is
   * among these events and those before. There may be no events at all.
   */
  onEvents: (
    shardId: number,
    events: readonly GatewayDispatchPayload[],
    session: GatewaySession,
    heartbeatAt: number | null,
  ) => Promise<void>;
  /** Resolves when a connection may be opened, each time before one is; at once unless told. */
  mayConnect?: () => Promise<void>;
  /** For status, at once. */
  onUp?: (shardId: number) => void;
  onDown?: (shardId: number, reason: string) => void;
  log: Logger;
  signal: AbortSignal;
  clock?: Clock;
  random?: () => number;
  isCompressed?: boolean;
  limits?: Partial<GatewayLimits>;
};

export type Gateway = {
  /** Rejects when no attempt can succeed until a person changes something: token, intent, shards. Never resolves. */
  failed: Promise<never>;
  /** Ends all connections so that their sessions can be resumed, within `CLOSE_DEADLINE_MS`. */
  close: () => Promise<void>;
};

export const CLOSE_DEADLINE_MS = 2_000;
const INFO_FRESH_MS = 60_000; // one answer of GET /gateway/bot serves shards that connect together

/** Connects the shards and keeps them connected, through every outage, until closed. */
export function createGateway(options: GatewayOptions): Gateway {
  return new ShardedGateway(options);
}

class ShardedGateway implements Gateway {
  readonly failed: Promise<never>;
  readonly close = () => this.#close();

  readonly #options: GatewayOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #limits: GatewayLimits;
  readonly #life: ReturnType<typeof linkSignals>;
  readonly #running: Promise<void>;
  readonly #queues: DispatchQueue[] = [];
  #info: { at: number; answer: Promise<APIGatewayBotInfo> } | null = null;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#limits = { ...defaultGatewayLimits, ...options.limits };
    this.#life = linkSignals(options.signal);
    this.#running = this.#run();
    this.failed = this.#running.then(() => new Promise<never>(() => {}));
    this.failed.catch(() => {}); // whoever does not look at it must not end the program by that
  }

  async #run(): Promise<void> {
    const { signal } = this.#life.controller;
    const shards = this.#options.shards ?? (await this.#recommendedShards(signal));
    if (signal.aborted || !shards) return;
    const throttle = new IdentifyThrottle(this.#clock, this.#limits.identifyIntervalMs);
    try {
      await Promise.all(shards.ids.map((shardId) => this.#runShard(shardId, shards.count, throttle)));
    } finally {
      this.#life.controller.abort(); // one shard that can never succeed stops the others: they have the same token
    }
  }

  async #recommendedShards(signal: AbortSignal): Promise<{ count: number; ids: number[] } | null> {
    const { reconnectFirstMs, reconnectMaxMs } = this.#limits;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        const { shards: count } = await this.#gatewayInfo(signal);
        return { count, ids: Array.from({ length: count }, (_, id) => id) };
      } catch (error) {
        if (isTokenRefused(error)) throw error;
        const waitMs = backoffMs(attempt, reconnectFirstMs, reconnectMaxMs, this.#random);
        if (!isAbortError(error)) {
          this.#options.log.warn({ waitMs, err: messageOf(error) }, 'gateway: its address is not known yet');
        }
        await this.#clock.sleep(waitMs, signal).catch(() => {});
      }
    }
    return null;
  }

  async #runShard(shardId: number, shardCount: number, throttle: IdentifyThrottle): Promise<void> {
    const { sessions, onUp, onDown, token, intents, log, isCompressed = true } = this.#options;
    const { mayConnect = async () => {} } = this.#options;
    const queue = new DispatchQueue({
      deliver: (batch) => this.#deliver(shardId, batch),
      clock: this.#clock,
      gatherMs: this.#limits.gatherMs,
      bound: this.#limits.queuedDispatches,
    });
    this.#queues.push(queue);
    await runShard({
      shardId,
      shardCount,
      token,
      intents,
      isCompressed,
      throttle,
      queue,
      log,
      loadSession: sessions.load,
      gatewayInfo: (signal) => this.#gatewayInfo(signal),
      mayConnect,
      onUp: () => onUp?.(shardId),
      onDown: (reason) => onDown?.(shardId, reason),
      clock: this.#clock,
      random: this.#random,
      limits: this.#limits,
      signal: this.#life.controller.signal,
    }).finally(() => queue.clear());
  }

  async #deliver(shardId: number, batch: readonly Delivery[]): Promise<void> {
    const last = batch.at(-1);
    if (!last) return;
    try {
      await this.#options.onEvents(
        shardId,
        batch.flatMap(({ payload }) => payload ?? []),
        last.session,
        batch.findLast(({ heartbeatAt }) => heartbeatAt !== undefined)?.heartbeatAt ?? null,
      );
    } catch (error) {
      const { sequence } = last.session;
      const isClosing = this.#life.controller.signal.aborted; // then they were given up: RESUME brings them again
      this.#options.log[isClosing ? 'debug' : 'error'](
        { shardId, events: batch.length, sequence, err: messageOf(error) },
        'gateway: events failed',
      );
    }
  }

  async #gatewayInfo(signal: AbortSignal): Promise<APIGatewayBotInfo> {
    const now = this.#clock.monotonic();
    if (!this.#info || now > this.#info.at + INFO_FRESH_MS) {
      this.#info = { at: now, answer: this.#options.rest.getGatewayBot({ signal, priority: 'interactive' }) };
      this.#info.answer.catch(() => {
        this.#info = null;
      });
    }
    return this.#info.answer;
  }

  async #close(): Promise<void> {
    this.#life.controller.abort(new ClipdexError('gateway_closed', 'The gateway was closed.'));
    const timer = new AbortController();
    const ended = Promise.allSettled([this.#running, ...this.#queues.map((queue) => queue.idle())]);
    await Promise.race([ended, this.#clock.sleep(CLOSE_DEADLINE_MS, timer.signal).catch(() => {})]);
    timer.abort();
    this.#life.unlink();
  }
}
