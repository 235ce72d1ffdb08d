import { type APIRole, type APIUser, ChannelType } from 'discord-api-types/v10';
import { findChannel, isThread, type PlacedChannel } from '../channels.ts';
import type { Sandbox } from '../sandbox.ts';
import { findMessage } from '../views/message.ts';
import type { WorldChannel, WorldGuild, WorldMember, WorldMessage } from '../world.ts';
import { ControlError, type Fields } from './fields.ts';

/*
 * What a field's id stands for. Controls see everything, whether or not the bot does.
 */
export function guildIn({ state }: Sandbox, fields: Fields): WorldGuild {
  return known('guild_id', fields.id('guild_id'), (id) => state.world.guilds.get(id));
}

export function channelIn({ state }: Sandbox, fields: Fields): PlacedChannel {
  return known('channel_id', fields.id('channel_id'), (id) => findChannel(state.world, id));
}

export function plainChannelIn(sandbox: Sandbox, fields: Fields): PlacedChannel {
  const placed = channelIn(sandbox, fields);
  if (isThread(placed.entry.channel)) throw new ControlError('channel_id', 'channel_id is a thread');
  return placed;
}

export function threadIn(sandbox: Sandbox, fields: Fields): PlacedChannel {
  const placed = channelIn(sandbox, fields);
  if (!isThread(placed.entry.channel)) throw new ControlError('channel_id', 'channel_id is not a thread');
  return placed;
}

/** A category of the guild; undefined when the field is null, which stands for none. */
export function categoryIn(guild: WorldGuild, fields: Fields): WorldChannel | undefined {
  if (fields.isNull('parent_id')) return undefined;
  const entry = known('parent_id', fields.id('parent_id'), (id) => guild.channels.get(id));
  if (entry.channel.type === ChannelType.GuildCategory) return entry;
  throw new ControlError('parent_id', 'parent_id is not a category');
}

export function messageIn(placed: PlacedChannel, fields: Fields): WorldMessage {
  return known('message_id', fields.id('message_id'), (id) => findMessage(placed, id));
}

export function userIn({ state }: Sandbox, fields: Fields, name = 'user_id'): APIUser {
  return known(name, fields.id(name), (id) => state.world.users.get(id));
}

export function memberIn(guild: WorldGuild, fields: Fields, name = 'user_id'): WorldMember {
  return known(name, fields.id(name), (id) => guild.members.get(id));
}

export function roleIn(guild: WorldGuild, fields: Fields): APIRole {
  return known('role_id', fields.id('role_id'), (id) => guild.roles.get(id));
}

/** Role ids of the guild. */
export function rolesIn(guild: WorldGuild, fields: Fields): string[] {
  return fields.ids('role_ids').map((roleId) => known('role_ids', roleId, (id) => guild.roles.get(id) && id));
}

/** A number of permission bits, as Discord writes it. */
export function permissionsIn(fields: Fields, name = 'permissions'): string {
  const value = fields.text(name);
  if (!/^\d{1,20}$/.test(value)) throw new ControlError(name, `${name} is not a decimal number of bits`);
  return value;
}

function known<Value>(field: string, id: string, find: (id: string) => Value | undefined): Value {
  const found = find(id);
  if (found === undefined) throw new ControlError(field, `${field}: nothing in this world has the id ${id}`);
  return found;
}
