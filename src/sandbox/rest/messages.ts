import { PermissionFlagsBits } from 'discord-api-types/v10';
import { createMessage, deleteMessages, editMessage } from '../changes/messages.ts';
import { isArchived, isThread, type PlacedChannel } from '../channels.ts';
import { json, noContent } from '../http/answer.ts';
import * as refusal from '../http/api-error.ts';
import { type ApiRequest, bodyFields, pathId, queryId, queryInteger } from '../http/request.ts';
import { lowerBound } from '../ids.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SandboxState } from '../state.ts';
import { findMessage, messageView } from '../views/message.ts';
import type { WorldMessage } from '../world.ts';
import { botMayReadHistory, reachChat, requirePermission } from './access.ts';
import { readMessageFields } from './message-fields.ts';

const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;

/** Newest first. Without READ_MESSAGE_HISTORY an empty page, not a refusal. */
export function listMessages({ state }: Sandbox, request: ApiRequest) {
  const placed = reachChat(state, request);
  const limit = queryInteger(request, 'limit', { least: 1, most: MAX_PAGE, otherwise: DEFAULT_PAGE });
  const [before, after, around] = ['before', 'after', 'around'].map((name) => queryId(request, name));
  if ([before, after, around].filter((id) => id !== undefined).length > 1) {
    throw refusal.invalidForm('_', 'BASE_TYPE_CHOICES', 'before, after and around exclude each other.');
  }
  if (!botMayReadHistory(state, placed)) return json([]);
  const page = pickPage(placed.entry.messages, limit, { before, after, around });
  return json(page.reverse().map((message) => view(state, placed, message)));
}

export function getMessage({ state }: Sandbox, request: ApiRequest) {
  const placed = reachChat(state, request);
  const messageId = pathId(request, 'message');
  if (!botMayReadHistory(state, placed)) throw refusal.missingAccess();
  return json(view(state, placed, requireMessage(placed, messageId)));
}

export function postMessage({ state }: Sandbox, request: ApiRequest) {
  const placed = reachChat(state, request);
  const { channel } = placed.entry;
  requirePermission(
    state,
    placed,
    isThread(channel) ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages,
  );
  if (isArchived(channel) && isThread(channel) && channel.thread_metadata?.locked) {
    throw refusal.archivedThread();
  }
  const fields = readMessageFields(placed, bodyFields(request));
  const message = createMessage(state, placed, { author: state.world.bot, ...fields });
  return json(view(state, placed, message));
}

/** One's own messages only. */
export function patchMessage({ state }: Sandbox, request: ApiRequest) {
  const placed = reachChat(state, request);
  const message = requireMessage(placed, pathId(request, 'message'));
  if (message.author.id !== state.world.bot.id) {
    throw new refusal.ApiError(403, 50005, 'Cannot edit a message authored by another user');
  }
  editMessage(state, placed, message, readMessageFields(placed, bodyFields(request)));
  return json(view(state, placed, message));
}

export function deleteMessage({ state }: Sandbox, request: ApiRequest) {
  const placed = reachChat(state, request);
  const message = requireMessage(placed, pathId(request, 'message'));
  if (message.author.id !== state.world.bot.id) {
    requirePermission(state, placed, PermissionFlagsBits.ManageMessages);
  }
  deleteMessages(state, placed, [message.id], false);
  return noContent();
}

/** The messages next to the cursor, oldest first. A cursor need not be any message's id. */
function pickPage(
  messages: readonly WorldMessage[],
  limit: number,
  cursor: Record<'before' | 'after' | 'around', string | undefined>,
): WorldMessage[] {
  if (cursor.around !== undefined) {
    const middle = lowerBound(messages, cursor.around);
    const start = Math.max(0, middle - (limit >> 1));
    return messages.slice(start, middle + limit - (limit >> 1));
  }
  if (cursor.after !== undefined) {
    const start = lowerBound(messages, String(BigInt(cursor.after) + 1n));
    return messages.slice(start, start + limit);
  }
  const end = cursor.before === undefined ? messages.length : lowerBound(messages, cursor.before);
  return messages.slice(Math.max(0, end - limit), end);
}

function requireMessage(placed: PlacedChannel, messageId: string): WorldMessage {
  const message = findMessage(placed, messageId);
  if (!message) throw refusal.unknownMessage();
  return message;
}

function view(state: SandboxState, placed: PlacedChannel, message: WorldMessage) {
  return messageView(state, placed, message, { mayReadContent: state.switches.messageContent });
}
