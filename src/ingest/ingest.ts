import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import type { Database } from '../db/database.ts';
import { isFaultOfValues } from '../db/database-outage.ts';
import { type GatewaySession, saveGatewaySession } from '../db/gateway-sessions.ts';
import { breakLiveCoverage } from '../db/live-messages.ts';
import { GATEWAY_INTENTS } from '../discord/intents.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { applyEvents } from './apply-events.ts';

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 10_000;

export type IngestOptions = {
  db: Database;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
};

/** Events of one shard in their order, and the session as it stands after the last of them. */
export type EventBatch = { session: GatewaySession; events: readonly GatewayDispatchPayload[] };

/**
 * Writes a batch of events and the sequence after it in one transaction, so that a killed program resumes exactly
 * behind what it kept. An outage of the database is waited out: the batch stays here, and no later one is taken.
 * An event that the database refuses for what it is must not stop the rest: it is logged and left out.
 */
export async function ingestEvents(batch: EventBatch, options: IngestOptions): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    // After a batch that was given up while stopping, a later one would commit a sequence past it.
    options.signal.throwIfAborted();
    try {
      return await commitBatch(batch, options);
    } catch (error) {
      if (isFaultOfValues(error)) return ingestOneByOne(batch, error, options);
      options.log.warn(
        { err: messageOf(error), shard: batch.session.shardId },
        'live events wait for the database',
      );
      await options.clock.sleep(backoffMs(attempt, RETRY_FIRST_MS, RETRY_MAX_MS), options.signal);
    }
  }
}

async function ingestOneByOne(batch: EventBatch, error: unknown, options: IngestOptions): Promise<void> {
  const [event, ...others] = batch.events;
  if (event === undefined) throw error; // not even the sequence could be saved
  if (others.length > 0) {
    const sequences = batch.events.map((one) => one.s ?? batch.session.sequence);
    let sequence = Math.min(...sequences) - 1;
    for (const one of batch.events) {
      sequence = one.s ?? sequence;
      await ingestEvents({ session: { ...batch.session, sequence }, events: [one] }, options);
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
  if (isSnowflake(guildId) && isSnowflake(channelId)) {
    await options.db.transaction((tx) => breakLiveCoverage(tx, guildId, [channelId]));
  }
  await ingestEvents({ session, events: [] }, options);
}

async function commitBatch({ session, events }: EventBatch, { db }: IngestOptions): Promise<void> {
  await db.transaction(async (tx) => {
    await applyEvents(tx, events, session);
    await saveGatewaySession(tx, session, GATEWAY_INTENTS);
  });
}
