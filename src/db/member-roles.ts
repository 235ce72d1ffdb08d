import { raiseAccessVersions } from './access-versions.ts';
import { type Queryable, sql, type Transaction } from './database.ts';
import { leaveThreads } from './thread-members.ts';

/** What Discord told of a member of a guild (the bot itself, or a viewer), and when. */
export type MemberRoles = {
  guildId: string;
  userId: string;
  /** Without @everyone, which every member has. */
  roleIds: string[];
  readAt: Date;
};

export type ToldMember = {
  guildId: string;
  roleIds: readonly string[];
  /** Of a time-out, also of one that is over; null: there is none. */
  timedOutUntil: Date | null;
};

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

/**
 * Stores what Discord answered of a viewer in these guilds. What it told by itself after the question (`askedAt`, by the
 * database) stays.
 */
export async function storeMembers(
  db: Queryable,
  userId: string,
  members: readonly (ToldMember & { askedAt: string })[],
): Promise<void> {
  if (members.length === 0) return;
  const told = members.map((member) => ({ ...member, roleIds: [...member.roleIds].sort() }));
  await db.query(sql`
    with given as (
      select
        told."guildId" as guild_id, told."roleIds" as role_ids, told."timedOutUntil" as timed_out_until,
        told."askedAt" as asked_at
      from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as told (
        "guildId" text, "roleIds" text[], "timedOutUntil" timestamptz, "askedAt" timestamptz
      )
    ),
    before as materialized (
      select guild_id, role_ids, timed_out_until
      from member_roles
      where user_id = ${userId} and guild_id in (select guild_id from given)
      order by guild_id -- one order of locks
      for no key update
    ),
    written as (
      insert into member_roles as known (guild_id, user_id, role_ids, timed_out_until, read_at)
      select given.guild_id, ${userId}, given.role_ids, given.timed_out_until, given.asked_at
      from given
      join bot_guilds guild on guild.guild_id = given.guild_id
      where (select count(*) from before) >= 0 -- those are locked first, so that they are what is overwritten
      order by given.guild_id
      on conflict (guild_id, user_id) do update set
        role_ids = excluded.role_ids, timed_out_until = excluded.timed_out_until, read_at = excluded.read_at
      where known.read_at <= excluded.read_at
      returning guild_id, role_ids, timed_out_until
    )
    ${raiseAccessVersions(sql`
      select written.guild_id from written join before on before.guild_id = written.guild_id
      where (before.role_ids, before.timed_out_until) is distinct from (written.role_ids, written.timed_out_until)`)}`);
}

/** A viewer of whom Discord has just told by itself. Others are not noted. A time-out left out is as it was. */
export async function noteMember(
  tx: Transaction,
  userId: string,
  member: Omit<ToldMember, 'timedOutUntil'> & { timedOutUntil: Date | null | undefined },
): Promise<void> {
  const roleIds = [...member.roleIds].sort();
  const timedOutUntil =
    member.timedOutUntil === undefined ? sql`timed_out_until` : sql`${member.timedOutUntil}::timestamptz`;
  await tx.query(sql`
    with before as materialized (
      select guild_id, role_ids, timed_out_until
      from member_roles
      where guild_id = ${member.guildId} and user_id = ${userId}
      for no key update
    ),
    written as (
      update member_roles
      set role_ids = ${roleIds}::text[], timed_out_until = ${timedOutUntil}, read_at = now()
      where guild_id = ${member.guildId} and user_id = ${userId} and (select count(*) from before) > 0
    )
    ${raiseAccessVersions(sql`
      select guild_id from before
      where (role_ids, timed_out_until) is distinct from (${roleIds}::text[], ${timedOutUntil})`)}`);
}

/**
 * A viewer who is not, or no more, a member of these guilds. What Discord told by itself after `askedAt` stays; null: it
 * has told this just now. The list of the viewer's own guilds loses them as well, until it is read again.
 */
export async function forgetMember(
  db: Queryable,
  userId: string,
  guilds: readonly { guildId: string; askedAt: string | null }[],
): Promise<void> {
  if (guilds.length === 0) return;
  await db.query(sql`
    with gone as (
      select guild_id
      from unnest(
        ${guilds.map((guild) => guild.guildId)}::text[], ${guilds.map((guild) => guild.askedAt)}::timestamptz[]
      ) as told (guild_id, asked_at)
      where not exists (
        select from member_roles member
        where member.guild_id = told.guild_id and member.user_id = ${userId}
          and member.read_at > told.asked_at
      )
    ),
    roles as (
      delete from member_roles where user_id = ${userId} and guild_id in (select guild_id from gone)
      returning guild_id
    ),
    sights as (
      delete from viewer_channels where user_id = ${userId} and guild_id in (select guild_id from gone)
    ),
    places as (
      delete from viewer_guilds where user_id = ${userId} and guild_id in (select guild_id from gone)
    ),
    ${leaveThreads(userId, sql`select guild_id from gone`)}
    ${raiseAccessVersions(sql`select guild_id from roles union all select guild_id from left_threads`)}`);
}

/** Null: not known to be a member. */
export async function getMemberRoles(
  db: Queryable,
  guildId: string,
  userId: string,
): Promise<MemberRoles | null> {
  const rows = await db.query<MemberRoles>(sql`
    select guild_id as "guildId", user_id as "userId", role_ids as "roleIds", read_at as "readAt"
    from member_roles
    where guild_id = ${guildId} and user_id = ${userId}`);
  return rows[0] ?? null;
}
