import { GatewayDispatchEvents as Event, type GatewayDispatchPayload } from 'discord-api-types/v10';
import type { Transaction } from '../db/database.ts';
import { onChannelChange, onChannelCreate, onChannelDelete, onThreadListSync } from './channel-events.ts';
import {
  onGuildCreate,
  onGuildDelete,
  onGuildUpdate,
  onReady,
  onRoleChange,
  onRoleDelete,
  type ShardIdentity,
} from './guild-events.ts';
import { onMemberAdd, onMemberRemove, onMemberUpdate, onThreadMembersUpdate } from './member-events.ts';
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

/** Every event that reaches the database besides those of messages, and what it does. */
const handlers: Handlers = {
  [Event.Ready]: onReady,
  [Event.GuildCreate]: onGuildCreate,
  [Event.GuildUpdate]: onGuildUpdate,
  [Event.GuildDelete]: onGuildDelete,
  [Event.GuildRoleCreate]: onRoleChange,
  [Event.GuildRoleUpdate]: onRoleChange,
  [Event.GuildRoleDelete]: onRoleDelete,
  [Event.GuildMemberAdd]: onMemberAdd,
  [Event.GuildMemberUpdate]: onMemberUpdate,
  [Event.GuildMemberRemove]: onMemberRemove,
  [Event.ChannelCreate]: onChannelCreate,
  [Event.ChannelUpdate]: onChannelChange,
  [Event.ChannelDelete]: onChannelDelete,
  [Event.ThreadCreate]: onChannelCreate,
  [Event.ThreadUpdate]: onChannelChange,
  [Event.ThreadDelete]: onChannelDelete,
  [Event.ThreadListSync]: onThreadListSync,
  [Event.ThreadMembersUpdate]: onThreadMembersUpdate,
};

/** True: it concerns a guild or its channels. What is neither that nor about messages only moves the sequence on. */
export function isAboutGuild(event: GatewayDispatchPayload): boolean {
  return event.t in handlers;
}

type MessageEvents = {
  created: Extract<GatewayDispatchPayload, { t: Event.MessageCreate }>['d'][];
  updated: Extract<GatewayDispatchPayload, { t: Event.MessageUpdate }>['d'][];
  deletedIds: string[];
};

/**
 * Applies events in their order. Messages that follow each other are written together, by what happened to them: no
 * message is changed before it was made, nor after it was deleted.
 */
export async function applyEvents(
  tx: Transaction,
  events: readonly GatewayDispatchPayload[],
  shard: Shard,
): Promise<void> {
  let messages: MessageEvents = { created: [], updated: [], deletedIds: [] };
  for (const event of events) {
    if (addMessageEvent(messages, event) || !isAboutGuild(event)) continue;
    await applyMessages(tx, messages, shard);
    messages = { created: [], updated: [], deletedIds: [] };
    const handler = handlers[event.t] as (tx: Transaction, data: unknown, shard: Shard) => Promise<void>;
    await handler(tx, event.d, shard);
  }
  await applyMessages(tx, messages, shard);
}

/** False: it is not about messages. */
function addMessageEvent(messages: MessageEvents, event: GatewayDispatchPayload): boolean {
  switch (event.t) {
    case Event.MessageCreate:
      messages.created.push(event.d);
      return true;
    case Event.MessageUpdate:
      messages.updated.push(event.d);
      return true;
    case Event.MessageDelete:
      messages.deletedIds.push(event.d.id);
      return true;
    case Event.MessageDeleteBulk:
      messages.deletedIds.push(...event.d.ids);
      return true;
    default:
      return false;
  }
}

async function applyMessages(tx: Transaction, messages: MessageEvents, shard: Shard): Promise<void> {
  if (messages.created.length > 0) await onMessagesCreated(tx, messages.created, shard.sessionId);
  for (const message of messages.updated) await onMessageUpdate(tx, message);
  if (messages.deletedIds.length > 0) await onMessagesDeleted(tx, messages.deletedIds);
}
