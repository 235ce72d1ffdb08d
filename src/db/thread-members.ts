import { raiseAccessVersions } from './access-versions.ts';
import { type Queryable, type Sql, sql, type Transaction } from './database.ts';

/** Who is in which private thread, as far as it was asked: of viewers only. */

/** Stores what Discord answered of a viewer. What it told by itself after the question (`askedAt`) stays. */
export async function storeThreadMemberships(
  db: Queryable,
  userId: string,
  threads: readonly { channelId: string; isMember: boolean; askedAt: string }[],
): Promise<void> {
  if (threads.length === 0) return;
  await db.query(sql`
    insert into thread_members as known (channel_id, user_id, is_member, read_at)
    select channel_id, ${userId}, is_member, asked_at
    from unnest(
      ${threads.map((thread) => thread.channelId)}::text[],
      ${threads.map((thread) => thread.isMember)}::boolean[],
      ${threads.map((thread) => thread.askedAt)}::timestamptz[]
    ) as told (channel_id, is_member, asked_at)
    where channel_id in (select channel_id from bot_channels)
    order by channel_id -- one order of locks
    on conflict (channel_id, user_id) do update set is_member = excluded.is_member, read_at = excluded.read_at
    where known.read_at <= excluded.read_at`);
}

/** What Discord has just told of who came into a thread or left it; nobody is among both. Only viewers are noted. */
export async function noteThreadMembers(
  tx: Transaction,
  channelId: string,
  change: { joined: readonly string[]; left: readonly string[] },
): Promise<void> {
  await tx.query(sql`
    with told as (
      select user_id, true as is_member from unnest(${change.joined}::text[]) as joined (user_id)
      union all
      select user_id, false from unnest(${change.left}::text[]) as leaving (user_id)
    ),
    written as (
      insert into thread_members as known (channel_id, user_id, is_member)
      select channel.channel_id, told.user_id, told.is_member
      from told
      join bot_channels channel on channel.channel_id = ${channelId} and channel.type = 'private_thread'
      where told.user_id in (select user_id from viewers)
      order by told.user_id -- one order of locks
      on conflict (channel_id, user_id) do update set is_member = excluded.is_member, read_at = now()
      returning channel_id
    )
    ${raiseAccessVersions(sql`select guild_id from written join bot_channels using (channel_id)`)}`);
}

/**
 * Of a statement's `with`: whoever leaves guilds (a select of `guild_id`) is in none of their private threads any more,
 * also after coming back. `left_threads` tells of whose guilds the access version is to rise.
 */
export function leaveThreads(userId: string, guilds: Sql): Sql {
  return sql`
    left_threads as materialized (
      select channel_id, guild_id
      from thread_members member
      join bot_channels using (channel_id)
      where user_id in (select user_id from viewers where user_id = ${userId}) -- of others none are known
        and guild_id in (${guilds})
      order by channel_id -- one order of locks
      for update of member
    ),
    left_memberships as (
      delete from thread_members
      where user_id = ${userId} and channel_id in (select channel_id from left_threads)
    )`;
}
