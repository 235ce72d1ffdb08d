import { type Queryable, sql } from './database.ts';

/** The roles of one member of a guild (the bot itself, or a viewer), and when Discord told us. */
export type MemberRoles = {
  guildId: string;
  userId: string;
  /** Without @everyone, which every member has. */
  roleIds: string[];
  readAt: Date;
};

const memberRoleColumns = sql`
  guild_id as "guildId", user_id as "userId", role_ids as "roleIds", read_at as "readAt"`;

/** Stores what Discord has just told. */
export async function upsertMemberRoles(
  db: Queryable,
  guildId: string,
  userId: string,
  roleIds: readonly string[],
): Promise<void> {
  await db.query(sql`
    insert into member_roles (guild_id, user_id, role_ids)
    values (${guildId}, ${userId}, ${roleIds}::text[])
    on conflict (guild_id, user_id) do update set role_ids = excluded.role_ids, read_at = now()`);
}

/** Null: not known to be a member. */
export async function getMemberRoles(
  db: Queryable,
  guildId: string,
  userId: string,
): Promise<MemberRoles | null> {
  const rows = await db.query<MemberRoles>(sql`
    select ${memberRoleColumns} from member_roles where guild_id = ${guildId} and user_id = ${userId}`);
  return rows[0] ?? null;
}

/** Of all members of a guild whom we know. */
export async function listMemberRoles(db: Queryable, guildId: string): Promise<MemberRoles[]> {
  return db.query<MemberRoles>(sql`
    select ${memberRoleColumns} from member_roles where guild_id = ${guildId} order by user_id::numeric`);
}

/** Forgets a member who has left. */
export async function deleteMemberRoles(db: Queryable, guildId: string, userId: string): Promise<void> {
  await db.query(sql`delete from member_roles where guild_id = ${guildId} and user_id = ${userId}`);
}
