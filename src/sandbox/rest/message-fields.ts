import { MessageReferenceType, MessageType } from 'discord-api-types/v10';
import type { PlacedChannel } from '../channels.ts';
import { emptyMessage, invalidForm, unknownMessage } from '../http/api-error.ts';
import { findMessage } from '../views/message.ts';
import type { WorldMessage } from '../world.ts';

const MAX_CONTENT_CHARS = 2000;
const MAX_EMBEDS = 10;

/** The fields of a message as a bot sends it: text, embeds, components, an answer to another message. */
export function readMessageFields(
  placed: PlacedChannel,
  body: Record<string, unknown>,
): Partial<WorldMessage> {
  const content = readContent(body.content);
  const embeds = readList(body, 'embeds', MAX_EMBEDS);
  const components = readList(body, 'components', 40);
  if (content === '' && embeds.length === 0 && components.length === 0) throw emptyMessage();
  return {
    content,
    embeds: embeds.map((embed) => ({ type: 'rich', ...embed })) as WorldMessage['embeds'],
    components: components.map((component, index) => ({ id: index + 1, ...component })) as NonNullable<
      WorldMessage['components']
    >,
    ...(typeof body.flags === 'number' && { flags: body.flags }),
    ...readReference(placed, body.message_reference),
  };
}

function readContent(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') {
    throw invalidForm('content', 'STRING_TYPE_CONVERT', 'Could not interpret as string.');
  }
  if ([...value].length > MAX_CONTENT_CHARS) {
    throw invalidForm('content', 'BASE_TYPE_MAX_LENGTH', `Must be ${MAX_CONTENT_CHARS} or fewer in length.`);
  }
  return value;
}

function readList(body: Record<string, unknown>, field: string, most: number): object[] {
  const value = body[field];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw invalidForm(field, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
  }
  if (value.length > most) throw invalidForm(field, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer.`);
  return value.map((item: unknown, index) => {
    if (typeof item === 'object' && item !== null) return item;
    throw invalidForm(
      `${field}.${index}`,
      'DICT_TYPE_CONVERT',
      'Only dictionaries may be used in a DictType',
    );
  });
}

function readReference(placed: PlacedChannel, value: unknown): Partial<WorldMessage> {
  if (typeof value !== 'object' || value === null || !('message_id' in value)) return {};
  const messageId = String(value.message_id);
  if (!findMessage(placed, messageId)) {
    if ('fail_if_not_exists' in value && value.fail_if_not_exists === false) return {};
    throw unknownMessage();
  }
  return {
    type: MessageType.Reply,
    message_reference: {
      type: MessageReferenceType.Default,
      channel_id: placed.entry.channel.id,
      message_id: messageId,
      guild_id: placed.guild.id,
    },
  };
}
