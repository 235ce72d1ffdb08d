import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import type { Database } from '../db/database.ts';
import { isFaultOfValues } from '../db/database-outage.ts';
import { type GatewaySession, saveGatewaySession } from '../db/gateway-sessions.ts';
import { breakLiveCoverage, SETTLE_MS, settleLiveCoverage } from '../db/live-coverage.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { applyEvents } from './apply-events.ts';
import { type EventBatch, splitBatch } from './split-batch.ts';

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 10_000;

export type IngestOptions = {
  db: Database;
  /** Those that the gateway was asked for. */
  intents: number;
  /** See `ShardIdentity`. */
  readsJoinedBefore: number;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

/**
 * Writes a batch of events, part by part, each with the sequence after it in one transaction, so that a killed program
 * resumes exactly behind what it kept. An outage of the database is waited out: the batch stays here, and no later one
 * is taken. An event that the database refuses for what it is must not stop the rest: it is logged and left out.
 */
export async function ingestEvents(batch: EventBatch, options: IngestOptions): Promise<void> {
  for (const part of splitBatch(batch)) await ingestPart(part, options);
}

async function ingestPart(batch: EventBatch, options: IngestOptions): Promise<void> {
  try {
    await persist(batch.session, options, () => commitBatch(batch, options));
  } catch (error) {
    options.signal.throwIfAborted(); // whoever stops leaves nothing out: what is not written is told anew
    if (!isFaultOfValues(error)) throw error;
    await ingestOneByOne(batch, error, options);
  }
}

/** Does the work again until the database takes it. @throws what it refuses for its values, or an abort */
async function persist(
  { shardId }: GatewaySession,
  { clock, log, signal }: IngestOptions,
  work: () => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    // After a batch that was given up while stopping, a later one would commit a sequence past it.
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (isFaultOfValues(error)) throw error;
      log.warn({ err: messageOf(error), shard: shardId }, 'live events wait for the database');
      await clock.sleep(backoffMs(attempt, RETRY_FIRST_MS, RETRY_MAX_MS), signal);
    }
  }
}

async function ingestOneByOne(batch: EventBatch, error: unknown, options: IngestOptions): Promise<void> {
  const [event, ...others] = batch.events;
  if (event === undefined) throw error; // not even the sequence could be saved
  if (others.length > 0) {
    for (const one of batch.events) {
      const session = { ...batch.session, sequence: one.s };
      await ingestPart({ session, events: [one], heartbeatAt: null }, options);
    }
    return;
  }
  options.log.error({ err: messageOf(error), event: event.t, sequence: event.s }, 'event left out');
  await leaveOut(batch.session, event, options);
}

/** Goes on without the event. Where it was a message, coverage must not claim it: live coverage begins anew. */
async function leaveOut(
  session: GatewaySession,
  event: GatewayDispatchPayload,
  options: IngestOptions,
): Promise<void> {
  const { guild_id: guildId, channel_id: channelId } = (event.d ?? {}) as Record<string, unknown>;
  await persist(session, options, () =>
    options.db.transaction(async (tx) => {
      if (isSnowflake(guildId) && isSnowflake(channelId)) await breakLiveCoverage(tx, guildId, [channelId]);
      await saveGatewaySession(tx, session, options.intents);
    }),
  );
}

async function commitBatch(
  batch: EventBatch,
  { db, clock, intents, readsJoinedBefore }: IngestOptions,
): Promise<void> {
  const { session, events, heartbeatAt } = batch;
  await db.transaction(async (tx) => {
    await applyEvents(tx, events, { ...session, readsJoinedBefore });
    if (heartbeatAt !== null) {
      const ageMs = clock.monotonic() - heartbeatAt + SETTLE_MS;
      await settleLiveCoverage(tx, session.sessionId, ageMs / 1000);
    }
    await saveGatewaySession(tx, session, intents);
  });
}
