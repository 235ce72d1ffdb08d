import type { APIRole, RoleFlags } from 'discord-api-types/v10';
import type { SandboxState } from '../state.ts';
import { roleView } from '../views/guild.ts';
import type { WorldGuild } from '../world.ts';
import { emitInGuild } from './emit.ts';
import { withThreadSync } from './threads.ts';

export type RoleDraft = Partial<APIRole> & { name: string; permissions: string };

export function createRole(state: SandboxState, guild: WorldGuild, draft: RoleDraft): APIRole {
  const role: APIRole = {
    id: state.nextId(),
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    position: guild.roles.size,
    managed: false,
    mentionable: false,
    flags: 0 as RoleFlags,
    ...draft,
  };
  guild.roles.set(role.id, role);
  emitRole(state, guild, 'GUILD_ROLE_CREATE', role);
  return role;
}

export function updateRole(
  state: SandboxState,
  guild: WorldGuild,
  role: APIRole,
  patch: Partial<APIRole>,
): void {
  withThreadSync(state, guild, () => {
    Object.assign(role, patch);
    emitRole(state, guild, 'GUILD_ROLE_UPDATE', role);
  });
}

/** Members lose the role silently, as with Discord; overwrites that name it stay and match nobody. */
export function deleteRole(state: SandboxState, guild: WorldGuild, roleId: string): void {
  withThreadSync(state, guild, () => {
    guild.roles.delete(roleId);
    for (const member of guild.members.values()) member.roles = member.roles.filter((id) => id !== roleId);
    emitInGuild(state, guild, { name: 'GUILD_ROLE_DELETE', data: { guild_id: guild.id, role_id: roleId } });
  });
}

function emitRole(state: SandboxState, guild: WorldGuild, name: string, role: APIRole): void {
  emitInGuild(state, guild, { name, data: { guild_id: guild.id, role: roleView(role) } });
}
