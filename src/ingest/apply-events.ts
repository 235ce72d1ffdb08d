import { GatewayDispatchEvents as Event, type GatewayDispatchPayload } from 'discord-api-types/v10';
import type { Transaction } from '../db/database.ts';
import { onChannelChange, onChannelDelete, onThreadListSync } from './channel-events.ts';
import {
  onGuildCreate,
  onGuildDelete,
  onGuildUpdate,
  onMemberUpdate,
  onReady,
  onRoleChange,
  onRoleDelete,
  type ShardIdentity,
} from './guild-events.ts';
import { onMessagesCreated, onMessagesDeleted, onMessageUpdate } from './message-events.ts';

/** The shard, and the gateway session in which its events arrived. */
export type Shard = ShardIdentity & { sessionId: string };

type Handlers = {
  [Payload in GatewayDispatchPayload as Payload['t']]?: (
    tx: Transaction,
    data: Payload['d'],
    shard: Shard,
  ) => Promise<void>;
};

/** Every event that reaches the database, and what it does. All others only move the sequence on. */
const handlers: Handlers = {
  [Event.Ready]: onReady,
  [Event.GuildCreate]: onGuildCreate,
  [Event.GuildUpdate]: onGuildUpdate,
  [Event.GuildDelete]: onGuildDelete,
  [Event.GuildRoleCreate]: onRoleChange,
  [Event.GuildRoleUpdate]: onRoleChange,
  [Event.GuildRoleDelete]: onRoleDelete,
  [Event.GuildMemberUpdate]: onMemberUpdate,
  [Event.ChannelCreate]: onChannelChange,
  [Event.ChannelUpdate]: onChannelChange,
  [Event.ChannelDelete]: onChannelDelete,
  [Event.ThreadCreate]: onChannelChange,
  [Event.ThreadUpdate]: onChannelChange,
  [Event.ThreadDelete]: onChannelDelete,
  [Event.ThreadListSync]: onThreadListSync,
  [Event.MessageUpdate]: onMessageUpdate,
  [Event.MessageDelete]: (tx, data) => onMessagesDeleted(tx, [data.id]),
  [Event.MessageDeleteBulk]: (tx, data) => onMessagesDeleted(tx, data.ids),
};

/** Applies events in their order; messages that follow each other are written together. */
export async function applyEvents(
  tx: Transaction,
  events: readonly GatewayDispatchPayload[],
  shard: Shard,
): Promise<void> {
  let messages: Extract<GatewayDispatchPayload, { t: Event.MessageCreate }>['d'][] = [];
  const flush = async () => {
    if (messages.length > 0) await onMessagesCreated(tx, messages, shard.sessionId);
    messages = [];
  };
  for (const event of events) {
    if (event.t === Event.MessageCreate) {
      messages.push(event.d);
      continue;
    }
    const handler = handlers[event.t] as
      | ((tx: Transaction, data: unknown, shard: Shard) => Promise<void>)
      | undefined;
    if (!handler) continue;
    await flush();
    await handler(tx, event.d, shard);
  }
  await flush();
}
