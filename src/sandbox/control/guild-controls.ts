import {
  addBot,
  addMember,
  kickBot,
  removeMember,
  setGuildAvailable,
  updateGuild,
} from '../changes/guilds.ts';
import { createRole, deleteRole, updateMember, updateRole } from '../changes/roles.ts';
import type { Control } from './control.ts';
import { ControlError } from './fields.ts';
import { guildIn, memberIn, permissionsIn, roleIn, rolesIn, userIn } from './find.ts';

/** View channels, read their history, connect to voice, send messages, embed links. */
const INSTALL_PERMISSIONS = String((1n << 10n) | (1n << 16n) | (1n << 20n) | (1n << 11n) | (1n << 14n));

export const guildControls: Control[] = [
  {
    name: 'add-bot',
    help: 'Adds the bot to a guild.',
    fields: { guild_id: 'guild', 'permissions?': 'bits of its managed role' },
    run(sandbox, fields) {
      const permissions = fields.optional('permissions', (name) => permissionsIn(fields, name));
      addBot(sandbox.state, guildIn(sandbox, fields), permissions ?? INSTALL_PERMISSIONS);
    },
  },
  {
    name: 'kick-bot',
    help: 'Removes the bot from a guild.',
    fields: { guild_id: 'guild' },
    run: (sandbox, fields) => kickBot(sandbox.state, guildIn(sandbox, fields)),
  },
  {
    name: 'guild-outage',
    help: 'Takes a guild offline, or brings it back.',
    fields: { guild_id: 'guild', unavailable: 'true or false' },
    run: (sandbox, fields) =>
      setGuildAvailable(sandbox.state, guildIn(sandbox, fields), !fields.boolean('unavailable')),
  },
  {
    name: 'update-guild',
    help: 'Renames a guild or gives it another owner.',
    fields: { guild_id: 'guild', 'name?': 'text', 'owner_id?': 'user' },
    run(sandbox, fields) {
      const name = fields.optional('name', fields.text);
      const ownerId = fields.optional('owner_id', (field) => userIn(sandbox, fields, field).id);
      updateGuild(sandbox.state, guildIn(sandbox, fields), {
        ...(name !== undefined && { name }),
        ...(ownerId !== undefined && { ownerId }),
      });
    },
  },
  {
    name: 'create-role',
    help: 'Creates a role.',
    fields: { guild_id: 'guild', name: 'text', 'permissions?': 'bits' },
    run(sandbox, fields) {
      const permissions = fields.optional('permissions', (name) => permissionsIn(fields, name)) ?? '0';
      const draft = { name: fields.text('name'), permissions };
      return { role_id: createRole(sandbox.state, guildIn(sandbox, fields), draft).id };
    },
  },
  {
    name: 'update-role',
    help: "Changes a role; @everyone has the guild's id.",
    fields: { guild_id: 'guild', role_id: 'role', 'name?': 'text', 'permissions?': 'bits' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const name = fields.optional('name', fields.text);
      const permissions = fields.optional('permissions', (field) => permissionsIn(fields, field));
      updateRole(sandbox.state, guild, roleIn(guild, fields), {
        ...(name !== undefined && { name }),
        ...(permissions !== undefined && { permissions }),
      });
    },
  },
  {
    name: 'delete-role',
    help: 'Deletes a role.',
    fields: { guild_id: 'guild', role_id: 'role' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const { id } = roleIn(guild, fields);
      if (id === guild.id) throw new ControlError('role_id', 'role_id: @everyone cannot be deleted');
      deleteRole(sandbox.state, guild, id);
    },
  },
  {
    name: 'member-roles',
    help: 'Replaces the roles of a member.',
    fields: { guild_id: 'guild', user_id: 'member', role_ids: 'list of roles' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      updateMember(sandbox.state, guild, memberIn(guild, fields), { roles: rolesIn(guild, fields) });
    },
  },
  {
    name: 'add-member',
    help: 'Lets a user into a guild.',
    fields: { guild_id: 'guild', user_id: 'user', 'role_ids?': 'list of roles' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const roles = fields.has('role_ids') ? rolesIn(guild, fields) : [];
      addMember(sandbox.state, guild, userIn(sandbox, fields), roles);
    },
  },
  {
    name: 'remove-member',
    help: 'Removes a user from a guild.',
    fields: { guild_id: 'guild', user_id: 'member' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const { user } = memberIn(guild, fields);
      if (user.id === sandbox.state.world.bot.id) kickBot(sandbox.state, guild);
      else removeMember(sandbox.state, guild, user);
    },
  },
];
