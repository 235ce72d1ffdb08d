import { ChannelType, OverwriteType } from 'discord-api-types/v10';
import { createChannel, deleteChannel, setOverwrite, updateChannel } from '../changes/channels.ts';
import { addThreadMember, createThread, updateThread } from '../changes/threads.ts';
import { isThread, type PlacedChannel } from '../channels.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Control } from './control.ts';
import { ControlError, type Fields } from './fields.ts';
import { channelIn, guildIn, permissionsIn, userIn } from './find.ts';

const channelTypes = {
  text: ChannelType.GuildText,
  voice: ChannelType.GuildVoice,
  category: ChannelType.GuildCategory,
  announcement: ChannelType.GuildAnnouncement,
  stage: ChannelType.GuildStageVoice,
  forum: ChannelType.GuildForum,
  media: ChannelType.GuildMedia,
} as const;
const typeNames = Object.keys(channelTypes) as (keyof typeof channelTypes)[];

export const channelControls: Control[] = [
  {
    name: 'create-channel',
    help: 'Creates a channel.',
    fields: {
      guild_id: 'guild',
      name: 'text',
      'type?': `${typeNames.join(', ')}, or a number that Discord has not invented yet`,
      'parent_id?': 'category',
      'nsfw?': 'age-restricted',
    },
    run(sandbox, fields) {
      const entry = createChannel(sandbox.state, guildIn(sandbox, fields), {
        name: fields.text('name'),
        type: fields.has('type') ? readType(fields) : ChannelType.GuildText,
        ...readPlace(fields),
      });
      return { channel_id: entry.channel.id };
    },
  },
  {
    name: 'update-channel',
    help: 'Changes a channel: name, type, place, age restriction.',
    fields: {
      channel_id: 'channel',
      'name?': 'text',
      'type?': 'as for create-channel',
      'parent_id?': 'category',
      'nsfw?': 'age-restricted',
    },
    run(sandbox, fields) {
      const placed = plainChannelIn(sandbox, fields);
      const name = fields.optional('name', fields.text);
      const type = fields.has('type') ? readType(fields) : undefined;
      updateChannel(sandbox.state, placed, {
        ...(name !== undefined && { name }),
        ...(type !== undefined && { type }),
        ...readPlace(fields),
      });
    },
  },
  {
    name: 'delete-channel',
    help: 'Deletes a channel with its threads, or a thread.',
    fields: { channel_id: 'channel or thread' },
    run(sandbox, fields) {
      deleteChannel(sandbox.state, channelIn(sandbox, fields));
    },
  },
  {
    name: 'overwrite',
    help: 'Sets what a role or member is allowed and denied in a channel; "0" and "0" remove it.',
    fields: {
      channel_id: 'channel',
      id: 'role or user',
      type: 'role or member',
      'allow?': 'permission bits',
      'deny?': 'permission bits',
    },
    run(sandbox, fields) {
      const type = fields.choice('type', ['role', 'member']);
      setOverwrite(sandbox.state, plainChannelIn(sandbox, fields), {
        id: fields.id('id'),
        type: type === 'role' ? OverwriteType.Role : OverwriteType.Member,
        allow: fields.optional('allow', (name) => permissionsIn(fields, name)) ?? '0',
        deny: fields.optional('deny', (name) => permissionsIn(fields, name)) ?? '0',
      });
    },
  },
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
      const isPrivate = fields.optional('private', fields.boolean) ?? false;
      const isNews = parent.entry.channel.type === ChannelType.GuildAnnouncement;
      const publicType = isNews ? ChannelType.AnnouncementThread : ChannelType.PublicThread;
      const entry = createThread(sandbox.state, parent, {
        name: fields.text('name'),
        type: isPrivate ? ChannelType.PrivateThread : publicType,
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
    fields: { channel_id: 'thread', user_id: 'user' },
    run(sandbox, fields) {
      addThreadMember(sandbox.state, threadIn(sandbox, fields), userIn(sandbox, fields).id);
    },
  },
];

/** By name, or by Discord's number. */
function readType(fields: Fields): ChannelType {
  const name = typeNames.find((known) => fields.equals('type', known));
  return name === undefined ? fields.integer('type', 0, 255) : channelTypes[name];
}

function readPlace(fields: Fields) {
  const parentId = fields.optional('parent_id', fields.id);
  const nsfw = fields.optional('nsfw', fields.boolean);
  return { ...(parentId !== undefined && { parent_id: parentId }), ...(nsfw !== undefined && { nsfw }) };
}

function plainChannelIn(sandbox: Sandbox, fields: Fields): PlacedChannel {
  const placed = channelIn(sandbox, fields);
  if (isThread(placed.entry.channel)) throw new ControlError('channel_id', 'channel_id is a thread');
  return placed;
}

function threadIn(sandbox: Sandbox, fields: Fields): PlacedChannel {
  const placed = channelIn(sandbox, fields);
  if (!isThread(placed.entry.channel)) throw new ControlError('channel_id', 'channel_id is not a thread');
  return placed;
}
