import type { APIGatewayBotInfo } from 'discord-api-types/v10';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { isTokenRefused } from './discord-error.ts';
import type { DispatchQueue, GatewaySession } from './dispatch-queue.ts';
import { type ConnectionResult, runGatewayConnection } from './gateway-connection.ts';
import type { GatewayLimits } from './gateway-limits.ts';
import { type ConnectionEnd, describeEnd, recoveryFrom } from './gateway-recovery.ts';
import type { IdentifyThrottle } from './identify-throttle.ts';

export type ShardOptions = {
  shardId: number;
  shardCount: number;
  token: string;
  intents: number;
  isCompressed: boolean;
  loadSession: (shardId: number) => Promise<GatewaySession | null>;
  /** The gateway's address and what is left of the day's session starts. */
  gatewayInfo: (signal: AbortSignal) => Promise<APIGatewayBotInfo>;
  throttle: IdentifyThrottle;
  /** Resolves when a connection may be opened. */
  mayConnect: () => Promise<void>;
  queue: DispatchQueue;
  onUp: () => void;
  onDown: (reason: string) => void;
  clock: Clock;
  random: () => number;
  limits: GatewayLimits;
  log: Logger;
  signal: AbortSignal;
};

const RESUME_URL_ATTEMPTS = 3; // then the general address: the host of the session may be gone
const MAX_START_WAIT_MS = 10 * 60_000; // between two looks at the day's session starts

/**
 * Keeps one shard connected until the signal aborts: connects, and after each end resumes or identifies, at first
 * soon, then with growing waits.
 * @throws ClipdexError when Discord says that no attempt will ever succeed.
 */
export async function runShard(options: ShardOptions): Promise<void> {
  const { signal, clock, limits, mayConnect, queue } = options;
  let session = await loadSession(options);
  let failures = 0;
  while (!signal.aborted) {
    await untilThereIsRoom(queue, signal);
    await mayConnect();
    if (signal.aborted) return;
    const result = await connect(options, session, failures);
    if (signal.aborted) return;
    const recovery = recoveryFrom(result.end);
    if (recovery.kind === 'give_up') throw recovery.error;
    session = recovery.kind === 'resume' ? result.session : null;
    failures = result.liveMs >= limits.stableAfterMs ? 0 : failures + 1;
    const waitMs = Math.round(waitAfter(options, result.end, failures));
    reportDown(options, result.end, waitMs);
    await clock.sleep(waitMs, signal).catch(() => {});
  }
}

/** The saved session, if it is of this number of shards. A store that is away is waited for. */
async function loadSession(options: ShardOptions): Promise<GatewaySession | null> {
  const { shardId, shardCount, clock, random, limits, log, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const session = await options.loadSession(shardId);
      return session?.shardCount === shardCount ? session : null;
    } catch (error) {
      if (signal.aborted) return null;
      const waitMs = backoffMs(attempt, limits.reconnectFirstMs, limits.reconnectMaxMs, random);
      log.warn({ shardId, waitMs, err: messageOf(error) }, 'gateway: the saved session cannot be read');
      await clock.sleep(waitMs, signal).catch(() => {});
    }
  }
}

/** Each connection brings what its first read holds, so those to a full queue would let it grow without a bound. */
async function untilThereIsRoom(queue: DispatchQueue, signal: AbortSignal): Promise<void> {
  if (!queue.isFull || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    queue.onceDrained(end);
  });
}

async function connect(
  options: ShardOptions,
  session: GatewaySession | null,
  failures: number,
): Promise<ConnectionResult> {
  const { shardId, gatewayInfo, throttle, signal, onUp, ...rest } = options;
  const isResumeHost = session !== null && failures < RESUME_URL_ATTEMPTS;
  try {
    const info = isResumeHost ? null : await gatewayInfo(signal);
    if (info && !session) await waitForSessionStart(options, info);
    return await runGatewayConnection({
      ...rest,
      url: info ? info.url : (session?.resumeUrl ?? ''),
      shardId,
      session,
      identifyTurn: async (turnSignal) => {
        const limit = (info ?? (await gatewayInfo(turnSignal))).session_start_limit;
        await throttle.turn(shardId, limit.max_concurrency, turnSignal);
      },
      onLive: onUp,
      signal,
    });
  } catch (error) {
    if (isTokenRefused(error)) throw error;
    return { end: { kind: 'broken', cause: error }, session, liveMs: 0 };
  }
}

/** Discord resets the token of a bot that identifies more than a thousand times a day. */
async function waitForSessionStart(options: ShardOptions, info: APIGatewayBotInfo): Promise<void> {
  const { gatewayInfo, clock, limits, log, signal, shardId } = options;
  let limit = info.session_start_limit;
  while (limit.remaining <= 0) {
    const waitMs = Math.min(Math.max(limit.reset_after, limits.reconnectFirstMs), MAX_START_WAIT_MS);
    log.warn({ shardId, resetAfterMs: limit.reset_after }, 'gateway: no session start left today; waiting');
    await clock.sleep(waitMs, signal);
    limit = (await gatewayInfo(signal)).session_start_limit;
  }
}

function waitAfter(options: ShardOptions, end: ConnectionEnd, failures: number): number {
  const { limits, random } = options;
  const waitMs =
    failures === 0
      ? random() * limits.reconnectFirstMs
      : backoffMs(failures, limits.reconnectFirstMs, limits.reconnectMaxMs, random);
  if (end.kind !== 'session_invalid') return waitMs;
  const { invalidSessionMinMs: min, invalidSessionMaxMs: max } = limits;
  return Math.max(waitMs, min + random() * (max - min));
}

function reportDown(options: ShardOptions, end: ConnectionEnd, waitMs: number): void {
  const reason = describeEnd(end);
  const err = end.kind === 'broken' ? messageOf(end.cause) : undefined;
  options.log.warn({ shardId: options.shardId, waitMs, err }, `gateway: ${reason}; connecting again`);
  options.onDown(reason);
}
