import { makeArchivedThreads } from '../changes/archived-threads.ts';
import { addThreadMember, removeThreadMember } from '../changes/thread-members.ts';
import { createThread, updateThread } from '../changes/threads.ts';
import type { Control } from './control.ts';
import { ControlError, type Fields } from './fields.ts';
import { memberIn, plainChannelIn, threadIn, userIn } from './find.ts';

const MAX_THREADS = 100_000;
const MAX_MESSAGES = 1_000;
const MAX_STEP_MS = 24 * 60 * 60 * 1000;
const DEFAULT_STEP_MS = 60_000;

export const threadControls: Control[] = [
  {
    name: 'create-thread',
    help: 'Creates a thread in a text, announcement, forum or media channel.',
    fields: {
      channel_id: 'parent',
      name: 'text',
      owner_id: 'user',
      'private?': 'true or false',
      'message_id?': 'message that it hangs on',
    },
    run(sandbox, fields) {
      const parent = plainChannelIn(sandbox, fields);
      const entry = createThread(sandbox.state, parent, {
        name: fields.text('name'),
        isPrivate: fields.optional('private', fields.boolean) ?? false,
        ownerId: userIn(sandbox, fields, 'owner_id').id,
        messageId: fields.optional('message_id', fields.id),
      });
      return { channel_id: entry.channel.id };
    },
  },
  {
    name: 'update-thread',
    help: 'Renames, archives or locks a thread, or brings it back.',
    fields: {
      channel_id: 'thread',
      'name?': 'text',
      'archived?': 'true or false',
      'locked?': 'true or false',
    },
    run(sandbox, fields) {
      const name = fields.optional('name', fields.text);
      const archived = fields.optional('archived', fields.boolean);
      const locked = fields.optional('locked', fields.boolean);
      updateThread(sandbox.state, threadIn(sandbox, fields), {
        ...(name !== undefined && { name }),
        ...(archived !== undefined && { archived }),
        ...(locked !== undefined && { locked }),
      });
    },
  },
  {
    name: 'join-thread',
    help: 'Makes somebody, or the bot, a member of a thread.',
    fields: { channel_id: 'thread', user_id: 'member' },
    run(sandbox, fields) {
      const placed = threadIn(sandbox, fields);
      addThreadMember(sandbox.state, placed, memberIn(placed.guild, fields).user.id);
    },
  },
  {
    name: 'leave-thread',
    help: 'Takes somebody, or the bot, out of a thread.',
    fields: { channel_id: 'thread', user_id: 'member' },
    run(sandbox, fields) {
      const placed = threadIn(sandbox, fields);
      removeThreadMember(sandbox.state, placed, memberIn(placed.guild, fields).user.id);
    },
  },
  {
    name: 'create-archived-threads',
    help: 'Makes threads that were archived before anybody listened: no events tell of them.',
    fields: {
      channel_id: 'parent',
      count: 'how many',
      'private?': 'true or false',
      'joined?': 'the bot is a member of each',
      'messages?': 'in each (default 1); the first has a video',
      'archived_at?': 'when the last of them was archived, ISO 8601 (default now)',
      'step_ms?': 'how much earlier each other was archived (default a minute); 0: all at the same time',
    },
    run(sandbox, fields) {
      const { state } = sandbox;
      const made = makeArchivedThreads(state, plainChannelIn(sandbox, fields), {
        count: fields.integer('count', 1, MAX_THREADS),
        isPrivate: fields.optional('private', fields.boolean) ?? false,
        isJoined: fields.optional('joined', fields.boolean) ?? false,
        messages: fields.optional('messages', (name) => fields.integer(name, 0, MAX_MESSAGES)) ?? 1,
        archivedMs: fields.optional('archived_at', (name) => readTime(fields, name)) ?? state.now(),
        stepMs: fields.optional('step_ms', (name) => fields.integer(name, 0, MAX_STEP_MS)) ?? DEFAULT_STEP_MS,
      });
      return { channel_ids: made.map((entry) => entry.channel.id) };
    },
  },
];

function readTime(fields: Fields, name: string): number {
  const time = Date.parse(fields.text(name));
  if (Number.isNaN(time)) throw new ControlError(name, `${name} is not a time as ISO 8601 writes it`);
  return time;
}
