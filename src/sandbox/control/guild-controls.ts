import { addBot, kickBot, setGuildAvailable, updateGuild } from '../changes/guilds.ts';
import { createRole, deleteRole, updateRole } from '../changes/roles.ts';
import { defaultInstall } from '../install-settings.ts';
import type { Control } from './control.ts';
import { ControlError } from './fields.ts';
import { guildIn, memberIn, permissionsIn, roleIn } from './find.ts';

export const guildControls: Control[] = [
  {
    name: 'add-bot',
    help: 'Adds the bot to a guild, or gives it other permissions where it is already.',
    fields: { guild_id: 'guild', 'permissions?': 'bits of its managed role; "0": it gets none' },
    run(sandbox, fields) {
      const permissions = fields.optional('permissions', (name) => permissionsIn(fields, name));
      addBot(sandbox.state, guildIn(sandbox, fields), permissions ?? defaultInstall.permissions);
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
    fields: { guild_id: 'guild', 'name?': 'text', 'owner_id?': 'member' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const name = fields.optional('name', fields.text);
      const ownerId = fields.optional('owner_id', (field) => memberIn(guild, fields, field).user.id);
      updateGuild(sandbox.state, guild, {
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
];
