import { ChannelType, OverwriteType } from 'discord-api-types/v10';
import {
  createChannel,
  deleteChannel,
  moveChannel,
  setOverwrite,
  updateChannel,
} from '../changes/channels.ts';
import type { Control } from './control.ts';
import type { Fields } from './fields.ts';
import { categoryIn, channelIn, guildIn, permissionsIn, plainChannelIn } from './find.ts';

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
      const guild = guildIn(sandbox, fields);
      const nsfw = fields.optional('nsfw', fields.boolean);
      const entry = createChannel(sandbox.state, guild, {
        name: fields.text('name'),
        type: fields.has('type') ? readType(fields) : ChannelType.GuildText,
        ...(fields.has('parent_id') && { parent_id: categoryIn(guild, fields)?.channel.id ?? null }),
        ...(nsfw !== undefined && { nsfw }),
      });
      return { channel_id: entry.channel.id };
    },
  },
  {
    name: 'update-channel',
    help: 'Changes a channel: name, type, age restriction.',
    fields: {
      channel_id: 'channel',
      'name?': 'text',
      'type?': 'as for create-channel',
      'nsfw?': 'age-restricted',
    },
    run(sandbox, fields) {
      const placed = plainChannelIn(sandbox, fields);
      const name = fields.optional('name', fields.text);
      const type = fields.has('type') ? readType(fields) : undefined;
      const nsfw = fields.optional('nsfw', fields.boolean);
      updateChannel(sandbox.state, placed, {
        ...(name !== undefined && { name }),
        ...(type !== undefined && { type }),
        ...(nsfw !== undefined && { nsfw }),
      });
    },
  },
  {
    name: 'move-channel',
    help: 'Moves a channel into a category, or out of all.',
    fields: {
      channel_id: 'channel',
      parent_id: 'category, or null',
      'sync?': "whether it takes the category's overwrites (default false)",
    },
    run(sandbox, fields) {
      const placed = plainChannelIn(sandbox, fields);
      const takesPermissions = fields.optional('sync', fields.boolean) ?? false;
      moveChannel(sandbox.state, placed, categoryIn(placed.guild, fields), takesPermissions);
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
    help: 'Sets what a role or member is allowed and denied in a channel, or a category with what follows it; "0" and "0" remove it.',
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
];

/** By name, or by Discord's number. */
function readType(fields: Fields): ChannelType {
  const name = typeNames.find((known) => fields.equals('type', known));
  return name === undefined ? fields.integer('type', 0, 255) : channelTypes[name];
}
