import { MAX_QUEUED_DISPATCHES } from './dispatch-queue.ts';

export type GatewayLimits = {
  handshakeTimeoutMs: number;
  helloTimeoutMs: number;
  /** Between two messages until the session is live; a long replay after RESUME takes its time. */
  readyTimeoutMs: number;
  /** For the closing handshake; a peer that is gone never answers it. */
  closeTimeoutMs: number;
  /** Waits between failing attempts: doubling, with jitter. */
  reconnectFirstMs: number;
  reconnectMaxMs: number;
  /** A connection that was live this long starts the waits from the beginning. */
  stableAfterMs: number;
  /** Discord takes one IDENTIFY per key (shard modulo max_concurrency) in this time. */
  identifyIntervalMs: number;
  /** Discord asks for a random wait of 1 to 5 s before identifying after an invalid session. */
  invalidSessionMinMs: number;
  invalidSessionMaxMs: number;
  queuedDispatches: number;
  /** Between the beginnings of two deliveries, so that what comes meanwhile is committed together. */
  gatherMs: number;
};

export const defaultGatewayLimits: GatewayLimits = {
  handshakeTimeoutMs: 15_000,
  helloTimeoutMs: 20_000,
  readyTimeoutMs: 60_000,
  closeTimeoutMs: 1_000,
  reconnectFirstMs: 1_000,
  reconnectMaxMs: 60_000,
  stableAfterMs: 30_000,
  identifyIntervalMs: 5_250, // a quarter of a second for clocks that differ
  invalidSessionMinMs: 1_000,
  invalidSessionMaxMs: 5_000,
  queuedDispatches: MAX_QUEUED_DISPATCHES,
  gatherMs: 50,
};
