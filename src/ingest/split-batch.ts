import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import type { GatewaySession } from '../db/gateway-sessions.ts';
import { isAboutGuild } from './apply-events.ts';

/** Events of one shard in their order, and the session as it stands after the last of them. */
export type EventBatch = {
  session: GatewaySession;
  events: readonly GatewayDispatchPayload[];
  /** When a heartbeat was sent (monotonic) whose answer stands at the end of these events; null: there was none. */
  heartbeatAt: number | null;
};

/**
 * Parts that are committed one after the other: messages that follow each other together, and whatever else is kept
 * alone. A guild locks all its channels, so that not hundreds of guilds may do so at once.
 */
export function splitBatch({ session, events, heartbeatAt }: EventBatch): EventBatch[] {
  const parts: { events: GatewayDispatchPayload[]; sequence: number }[] = [];
  let sequence = 0;
  let isOpen = false;
  for (const event of events) {
    sequence = Math.max(sequence, event.s);
    const goesAlone = isAboutGuild(event);
    const last = parts.at(-1);
    if (last && isOpen && !goesAlone) {
      last.events.push(event);
      last.sequence = sequence;
    } else {
      parts.push({ events: [event], sequence });
    }
    isOpen = !goesAlone;
  }
  const batches = parts.map((part) => ({
    session: { ...session, sequence: part.sequence },
    events: part.events,
    heartbeatAt: null,
  }));
  const last = batches.pop();
  return [...batches, { session, events: last?.events ?? [], heartbeatAt }];
}
