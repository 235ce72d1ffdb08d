import { type Queryable, sql } from './database.ts';
import { storedText } from './stored-text.ts';

/** A role of a guild. The one that has the guild's own id is @everyone. */
export type GuildRole = {
  id: string;
  name: string;
  /** Permission bits. */
  permissions: bigint;
  position: number;
};

/** Makes the guild's roles those of the list: others go, the rest is written where it differs. */
export async function replaceGuildRoles(
  db: Queryable,
  guildId: string,
  roles: readonly GuildRole[],
): Promise<void> {
  await db.query(sql`
    with given as (
      select distinct on (role_id) *
      from unnest(
        ${roles.map((role) => role.id)}::text[],
        ${roles.map((role) => storedText(role.name))}::text[],
        ${roles.map((role) => role.permissions)}::numeric[],
        ${roles.map((role) => role.position)}::integer[]
      ) with ordinality as told (role_id, name, permissions, position, place)
      order by role_id, place desc
    ),
    removed as (
      delete from guild_roles
      where guild_id = ${guildId} and role_id not in (select role_id from given)
    )
    insert into guild_roles as role (guild_id, role_id, name, permissions, position)
    select ${guildId}, role_id, name, permissions, position
    from given
    order by role_id -- one order of locks for all writers
    on conflict (guild_id, role_id) do update set
      name = excluded.name, permissions = excluded.permissions, position = excluded.position
    where (role.name, role.permissions, role.position)
      is distinct from (excluded.name, excluded.permissions, excluded.position)`);
}

export async function upsertGuildRole(db: Queryable, guildId: string, role: GuildRole): Promise<void> {
  await db.query(sql`
    insert into guild_roles (guild_id, role_id, name, permissions, position)
    values (
      ${guildId}, ${role.id}, ${storedText(role.name)}, ${role.permissions}::numeric, ${role.position}
    )
    on conflict (guild_id, role_id) do update set
      name = excluded.name, permissions = excluded.permissions, position = excluded.position`);
}

export async function deleteGuildRole(db: Queryable, guildId: string, roleId: string): Promise<void> {
  await db.query(sql`delete from guild_roles where guild_id = ${guildId} and role_id = ${roleId}`);
}

/** The lowest first, as Discord counts them. */
export async function listGuildRoles(db: Queryable, guildId: string): Promise<GuildRole[]> {
  const rows = await db.query<Omit<GuildRole, 'permissions'> & { permissions: string }>(sql`
    select role_id as id, name, permissions, position
    from guild_roles
    where guild_id = ${guildId}
    order by position, role_id::numeric`);
  return rows.map((row) => ({ ...row, permissions: BigInt(row.permissions) }));
}
