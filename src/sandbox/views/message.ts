import { MessageType } from 'discord-api-types/v10';
import type { PlacedChannel } from '../channels.ts';
import { lowerBound } from '../ids.ts';
import type { SandboxState } from '../state.ts';
import type { WorldAttachment, WorldMessage } from '../world.ts';
import { resolveExternal } from './external-media.ts';
import { resolveMedia } from './media-references.ts';
import { partialMemberView, userView } from './user.ts';

type Reading = {
  /** False: everything that MESSAGE_CONTENT guards is empty, but for the bot's own messages and its mentions. */
  mayReadContent: boolean;
  /** Search answers carry no reactions. */
  hasReactions?: boolean;
};

/** A message as REST sends it, its files with links signed now. */
export function messageView(
  state: SandboxState,
  placed: PlacedChannel,
  message: WorldMessage,
  reading: Reading,
) {
  const isOpen = reading.mayReadContent || isAddressedToBot(state, message);
  const { reactions, ...rest } = message;
  return {
    ...rest,
    channel_id: placed.entry.channel.id,
    author: userView(message.author),
    mentions: message.mentions.map(userView),
    flags: message.flags ?? 0,
    ...contentView(state, placed, message, isOpen),
    ...(message.message_snapshots && {
      message_snapshots: message.message_snapshots.map((snapshot) => ({
        message: {
          type: MessageType.Default,
          timestamp: message.timestamp,
          edited_timestamp: null,
          mentions: [],
          mention_roles: [],
          flags: 0,
          ...snapshot.message,
          ...contentView(state, placed, snapshot.message, isOpen),
        },
      })),
    }),
    ...(message.type === MessageType.Reply && {
      referenced_message: referencedView(state, placed, message, reading),
    }),
    ...(reactions && reading.hasReactions !== false && { reactions }),
  };
}

/** A message as the gateway sends it: with its guild and the author's membership. */
export function messageEventView(
  state: SandboxState,
  placed: PlacedChannel,
  message: WorldMessage,
  mayReadContent: boolean,
) {
  const member = placed.guild.members.get(message.author.id);
  const { reactions: _, ...view } = messageView(state, placed, message, { mayReadContent });
  return {
    ...view,
    guild_id: placed.guild.id,
    ...(member && !message.webhook_id && { member: partialMemberView(member) }),
  };
}

function isAddressedToBot(state: SandboxState, message: WorldMessage): boolean {
  const botId = state.world.bot.id;
  return message.author.id === botId || message.mentions.some((user) => user.id === botId);
}

function contentView(
  state: SandboxState,
  placed: PlacedChannel,
  message: Partial<WorldMessage>,
  isOpen: boolean,
) {
  if (!isOpen) return { content: '', attachments: [], embeds: [], components: [] };
  const attachments = (message.attachments ?? []).map((file) =>
    attachmentView(state, placed.entry.channel.id, file),
  );
  return {
    content: message.content ?? '',
    attachments,
    embeds: resolveExternal(resolveMedia(message.embeds ?? [], attachments), state.baseUrl),
    components: resolveExternal(resolveMedia(message.components ?? [], attachments), state.baseUrl),
  };
}

function attachmentView(state: SandboxState, channelId: string, { clip: _, ...file }: WorldAttachment) {
  const target = { channelId, attachmentId: file.id, filename: file.filename };
  const path = `/attachments/${channelId}/${file.id}/${encodeURIComponent(file.filename)}`;
  const query = state.links.sign(target);
  return {
    ...file,
    url: `${state.baseUrl}${path}${query}`,
    proxy_url: `${state.baseUrl}/media${path}${query}`,
  };
}

/** The message that is answered, one level deep; null when it was deleted. */
function referencedView(
  state: SandboxState,
  placed: PlacedChannel,
  message: WorldMessage,
  reading: Reading,
): object | null {
  const id = message.message_reference?.message_id;
  const found = id === undefined ? undefined : findMessage(placed, id);
  if (!found) return null;
  return messageView(state, placed, { ...found, type: MessageType.Default }, reading);
}

export function findMessage({ entry }: PlacedChannel, messageId: string): WorldMessage | undefined {
  const found = entry.messages[lowerBound(entry.messages, messageId)];
  return found?.id === messageId ? found : undefined;
}
