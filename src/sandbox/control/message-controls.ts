import { createMessage, deleteMessages, editMessage } from '../changes/messages.ts';
import { holdsMessages } from '../channels.ts';
import type { WorldMessage } from '../world.ts';
import type { Control } from './control.ts';
import { ControlError, type Fields } from './fields.ts';
import { filesIn } from './files.ts';
import { channelIn, messageIn, userIn } from './find.ts';

/** Posts made by one request; a load, not a flood that blocks the process. */
const MAX_COUNT = 10_000;
const embeds = 'list of embeds; external://<clip>/<name> is a copy that the media proxy serves';
const files = 'list of {clip?, filename?, size?, content_type?, spoiler?}';

export const messageControls: Control[] = [
  {
    name: 'post',
    help: 'Posts a message, or `count` of the same.',
    fields: {
      channel_id: 'channel or thread',
      author_id: 'user',
      'content?': 'text',
      'files?': files,
      'embeds?': embeds,
      'count?': 'how often',
    },
    run(sandbox, fields) {
      const placed = channelIn(sandbox, fields);
      if (!holdsMessages(placed.entry.channel)) {
        throw new ControlError('channel_id', 'channel_id: this kind of channel holds no messages');
      }
      const author = userIn(sandbox, fields, 'author_id');
      const content = fields.optional('content', fields.text) ?? '';
      const count = fields.optional('count', (name) => fields.integer(name, 1, MAX_COUNT)) ?? 1;
      const ids = Array.from({ length: count }, () => {
        const attachments = fields.has('files') ? filesIn(sandbox, fields) : [];
        return createMessage(sandbox.state, placed, { author, content, attachments, ...embedsIn(fields) }).id;
      });
      return { message_id: ids[0], message_ids: ids };
    },
  },
  {
    name: 'edit',
    help: 'Edits a message; `files` replaces its files.',
    fields: {
      channel_id: 'channel',
      message_id: 'message',
      'content?': 'text',
      'files?': files,
      'embeds?': embeds,
    },
    run(sandbox, fields) {
      const placed = channelIn(sandbox, fields);
      const message = messageIn(placed, fields);
      const content = fields.optional('content', fields.text);
      const attachments = fields.has('files') ? filesIn(sandbox, fields) : undefined;
      editMessage(sandbox.state, placed, message, {
        ...(content !== undefined && { content }),
        ...(attachments && { attachments }),
        ...embedsIn(fields),
      });
    },
  },
  {
    name: 'delete',
    help: 'Deletes a message.',
    fields: { channel_id: 'channel', message_id: 'message' },
    run(sandbox, fields) {
      const placed = channelIn(sandbox, fields);
      deleteMessages(sandbox.state, placed, [messageIn(placed, fields).id], false);
    },
  },
  {
    name: 'bulk-delete',
    help: 'Deletes messages in one event; those that do not exist are passed over.',
    fields: { channel_id: 'channel', message_ids: 'list of messages' },
    run(sandbox, fields) {
      const placed = channelIn(sandbox, fields);
      return { deleted: deleteMessages(sandbox.state, placed, fields.ids('message_ids'), true) };
    },
  },
];

function embedsIn(fields: Fields): Pick<Partial<WorldMessage>, 'embeds'> {
  return fields.has('embeds') ? { embeds: fields.objects('embeds') as WorldMessage['embeds'] } : {};
}
