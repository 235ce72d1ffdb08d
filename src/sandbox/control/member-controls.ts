import { kickBot } from '../changes/guilds.ts';
import { addMember, banUser, liftBan, removeMember, updateMember, updateUser } from '../changes/members.ts';
import type { Sandbox } from '../sandbox.ts';
import type { WorldGuild } from '../world.ts';
import type { Control } from './control.ts';
import { ControlError, type Fields } from './fields.ts';
import { guildIn, memberIn, roleIn, rolesIn, userIn } from './find.ts';

/** Discord's longest time-out. */
const MAX_TIME_OUT_SECS = 28 * 24 * 60 * 60;

export const memberControls: Control[] = [
  {
    name: 'add-member',
    help: 'Lets a user into a guild.',
    fields: { guild_id: 'guild', user_id: 'user', 'role_ids?': 'list of roles' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const user = userIn(sandbox, fields);
      if (user.id === sandbox.state.world.bot.id) throw new ControlError('user_id', 'user_id: use add-bot');
      if (guild.bans?.has(user.id))
        throw new ControlError('user_id', 'user_id is banned: lift the ban first');
      addMember(sandbox.state, guild, user, fields.has('role_ids') ? rolesIn(guild, fields) : []);
    },
  },
  {
    name: 'remove-member',
    help: 'Removes a user from a guild: left or kicked, which nobody can tell apart.',
    fields: { guild_id: 'guild', user_id: 'member' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const { user } = memberIn(guild, fields);
      refuseOwner(guild, user.id);
      if (user.id === sandbox.state.world.bot.id) kickBot(sandbox.state, guild);
      else removeMember(sandbox.state, guild, user);
    },
  },
  {
    name: 'ban-user',
    help: 'Bans a user from a guild, whether or not a member; add-member is then refused.',
    fields: { guild_id: 'guild', user_id: 'user' },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const user = userIn(sandbox, fields);
      refuseOwner(guild, user.id);
      if (user.id === sandbox.state.world.bot.id) throw new ControlError('user_id', 'user_id: use kick-bot');
      banUser(sandbox.state, guild, user);
    },
  },
  {
    name: 'lift-ban',
    help: 'Lets a banned user come back.',
    fields: { guild_id: 'guild', user_id: 'user' },
    run: (sandbox, fields) => liftBan(sandbox.state, guildIn(sandbox, fields), userIn(sandbox, fields)),
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
    name: 'give-role',
    help: 'Gives a member a role.',
    fields: { guild_id: 'guild', user_id: 'member', role_id: 'role' },
    run(sandbox, fields) {
      changeRoles(sandbox, fields, (roles, roleId) => [...roles, roleId]);
    },
  },
  {
    name: 'take-role',
    help: 'Takes a role from a member.',
    fields: { guild_id: 'guild', user_id: 'member', role_id: 'role' },
    run(sandbox, fields) {
      changeRoles(sandbox, fields, (roles) => roles);
    },
  },
  {
    name: 'time-out',
    help: 'Times a member out, or lifts the time-out. Nothing tells when it ends by itself.',
    fields: {
      guild_id: 'guild',
      user_id: 'member',
      'secs?': 'for how long from now; without it, it is lifted',
    },
    run(sandbox, fields) {
      const guild = guildIn(sandbox, fields);
      const secs = fields.optional('secs', (name) => fields.integer(name, 1, MAX_TIME_OUT_SECS));
      const until = secs === undefined ? null : new Date(sandbox.state.now() + secs * 1000).toISOString();
      updateMember(sandbox.state, guild, memberIn(guild, fields), { communication_disabled_until: until });
    },
  },
  {
    name: 'update-user',
    help: 'Renames somebody.',
    fields: { user_id: 'user', 'username?': 'text', 'global_name?': 'text' },
    run(sandbox, fields) {
      const username = fields.optional('username', fields.text);
      const globalName = fields.optional('global_name', fields.text);
      updateUser(sandbox.state, userIn(sandbox, fields), {
        ...(username !== undefined && { username }),
        ...(globalName !== undefined && { global_name: globalName }),
      });
    },
  },
];

/** Nobody holds @everyone: it has the guild's id, and all have it. */
function changeRoles(
  sandbox: Sandbox,
  fields: Fields,
  change: (otherRoles: string[], roleId: string) => string[],
): void {
  const guild = guildIn(sandbox, fields);
  const member = memberIn(guild, fields);
  const { id } = roleIn(guild, fields);
  if (id === guild.id) throw new ControlError('role_id', 'role_id: @everyone is given to all');
  const others = member.roles.filter((roleId) => roleId !== id);
  updateMember(sandbox.state, guild, member, { roles: change(others, id) });
}

function refuseOwner(guild: WorldGuild, userId: string): void {
  if (guild.ownerId !== userId) return;
  throw new ControlError('user_id', 'user_id owns the guild: give it another owner first');
}
