import type { Queryable } from './database.ts';
import { listGuildRoles } from './guild-roles.ts';
import { getGuild } from './guilds.ts';
import { getMemberRoles } from './member-roles.ts';

/** Who a member is in a guild, as permissions are computed by. */
export type StoredStanding = {
  guildId: string;
  ownerId: string | null;
  roles: { id: string; permissions: string }[];
  member: { userId: string; roleIds: string[] };
};

/**
 * What Discord told last of the roles of a member, or (null) of one who has none but @everyone. Null: it was not told, so
 * nothing can be said.
 */
export async function readStanding(
  db: Queryable,
  guildId: string,
  userId: string | null,
): Promise<StoredStanding | null> {
  const guild = await getGuild(db, guildId);
  const member = userId === null ? { roleIds: [] } : await getMemberRoles(db, guildId, userId);
  const roles = (await listGuildRoles(db, guildId)).map(({ id, permissions }) => ({
    id,
    permissions: String(permissions),
  }));
  if (!guild || !member || !roles.some((role) => role.id === guildId)) return null;
  return {
    guildId,
    ownerId: guild.ownerUserId,
    roles,
    member: { userId: userId ?? NOBODY, roleIds: member.roleIds },
  };
}

const NOBODY = '0'; // no user of Discord's has this id
