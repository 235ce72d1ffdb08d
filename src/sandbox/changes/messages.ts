import { GatewayIntentBits, type MessageFlags, MessageType } from 'discord-api-types/v10';
import { addAttachments, dropAttachments } from '../attachment-index.ts';
import { isThread, type PlacedChannel } from '../channels.ts';
import { lowerBound } from '../ids.ts';
import { lastMessageId, type MessageChange, type SandboxState } from '../state.ts';
import { findMessage, messageEventView } from '../views/message.ts';
import type { WorldMessage } from '../world.ts';
import { emitInChannel } from './emit.ts';
import { updateThread } from './threads.ts';

export type MessageDraft = Partial<WorldMessage> & Pick<WorldMessage, 'author'>;

/** Posts a message, now. An archived thread comes back to life by it. */
export function createMessage(state: SandboxState, placed: PlacedChannel, draft: MessageDraft): WorldMessage {
  const { channel } = placed.entry;
  const message = composeMessage(state, placed, draft);
  if (isThread(channel) && channel.thread_metadata?.archived)
    updateThread(state, placed, { archived: false });
  applyMessageChange(state, placed, { op: 'create', channelId: channel.id, message });
  emitMessage(state, placed, 'MESSAGE_CREATE', message);
  return message;
}

/** A message of the present moment that is not in its channel: what only its receiver sees stays so. */
export function composeMessage(
  state: SandboxState,
  { entry }: PlacedChannel,
  draft: MessageDraft,
): WorldMessage {
  return {
    type: MessageType.Default,
    content: '',
    attachments: [],
    embeds: [],
    components: [],
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    flags: 0 as MessageFlags,
    edited_timestamp: null,
    ...draft,
    id: state.nextId(lastMessageId(entry.messages) ?? entry.channel.id),
    channel_id: entry.channel.id,
    timestamp: new Date(state.now()).toISOString(),
  };
}

export function editMessage(
  state: SandboxState,
  placed: PlacedChannel,
  message: WorldMessage,
  fields: Partial<WorldMessage>,
): void {
  const patch = { ...fields, edited_timestamp: new Date(state.now()).toISOString() };
  const channelId = placed.entry.channel.id;
  applyMessageChange(state, placed, { op: 'edit', channelId, messageId: message.id, patch });
  emitMessage(state, placed, 'MESSAGE_UPDATE', message);
}

/** Deletes those of the messages that exist: one MESSAGE_DELETE each, or one for all of them. */
export function deleteMessages(
  state: SandboxState,
  placed: PlacedChannel,
  messageIds: string[],
  inBulk: boolean,
): number {
  const channelId = placed.entry.channel.id;
  const known = messageIds.filter((id) => findMessage(placed, id));
  if (known.length === 0) return 0;
  applyMessageChange(state, placed, { op: 'delete', channelId, messageIds: known });
  const common = { channel_id: channelId, guild_id: placed.guild.id };
  const payloads = inBulk ? [{ ids: known, ...common }] : known.map((id) => ({ id, ...common }));
  for (const data of payloads) {
    emitInChannel(state, placed, {
      name: inBulk ? 'MESSAGE_DELETE_BULK' : 'MESSAGE_DELETE',
      intent: GatewayIntentBits.GuildMessages,
      data: () => data,
    });
  }
  return known.length;
}

/** The bare change, without events: what the journal repeats at the next start. */
export function applyMessageChange(state: SandboxState, placed: PlacedChannel, change: MessageChange): void {
  const { messages } = placed.entry;
  if (change.op === 'create') {
    messages.splice(lowerBound(messages, change.message.id), 0, change.message);
    addAttachments(state.attachments, placed.entry, change.message);
  } else if (change.op === 'edit') {
    const message = findMessage(placed, change.messageId);
    if (!message) return;
    dropAttachments(state.attachments, message);
    Object.assign(message, change.patch);
    addAttachments(state.attachments, placed.entry, message);
  } else {
    for (const id of change.messageIds) {
      const message = findMessage(placed, id);
      if (!message) continue;
      dropAttachments(state.attachments, message);
      messages.splice(lowerBound(messages, id), 1);
    }
  }
  state.events.emit('change', change);
}

function emitMessage(state: SandboxState, placed: PlacedChannel, name: string, message: WorldMessage): void {
  emitInChannel(state, placed, {
    name,
    intent: GatewayIntentBits.GuildMessages,
    data: (mayReadContent) => messageEventView(state, placed, message, mayReadContent),
  });
}
