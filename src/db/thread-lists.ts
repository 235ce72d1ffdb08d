import { type ChannelType, forumTypes, threadHolderTypes, threadTypes } from './channel-types.ts';
import type { PermissionOverwrite } from './channels-sync.ts';
import { type Queryable, sql } from './database.ts';

/** How far the archived threads of a channel are listed. Times are of whole milliseconds, as JavaScript holds them. */
export type ThreadList = {
  /** The channel that holds the threads. */
  channelId: string;
  guildId: string;
  visibility: 'public' | 'private';
  /** What of the channel decides whether we may list it. */
  type: ChannelType | null;
  overwrites: PermissionOverwrite[];
  /** Since when a listing is wanted; null: none is. */
  dueAt: Date | null;
  /** Threads may have been archived unseen up to then. */
  unseenSince: Date | null;
  /** All threads archived up to then were listed; null: the list was never read to its end. */
  listedTo: Date | null;
  /** Of a listing under way: the newest archive timestamp of its first page, and where its next page begins. */
  beganAt: Date | null;
  nextBefore: Date | null;
  /** Why not (all of) it can be listed: a reason code. */
  refusal: string | null;
};

/** Which lists: of a whole guild, or of one channel of it. */
export type ThreadListScope = { guildId: string; channelId?: string | undefined };

const now = sql`date_trunc('milliseconds', clock_timestamp())`;

/** Makes sure that every channel of the guild that can hold threads has its lists; new ones are due. */
export async function ensureThreadLists(db: Queryable, guildId: string): Promise<void> {
  await db.query(sql`
    insert into thread_lists (channel_id, visibility, due_at)
    select channel.channel_id, kind.visibility, ${now}
    from bot_channels channel
    join (
      values ('public', ${threadHolderTypes}::text[]), ('private', array['text'])
    ) as kind (visibility, types) on channel.type = any(kind.types)
    where channel.guild_id = ${guildId}
      and not exists (
        select from thread_lists list
        where list.channel_id = channel.channel_id and list.visibility = kind.visibility
      )
    order by channel.channel_id
    for key share of channel -- one that is being deleted at this moment is waited for, and passed over
    on conflict do nothing`);
}

/**
 * Wants the lists of some channels, or of a whole guild, read as they are now. Of a whole guild, private lists only
 * where private threads are known or it was never read: it would double the requests for what few channels have.
 */
export async function askForThreadLists(
  db: Queryable,
  guildId: string,
  channelIds: readonly string[] | null = null,
): Promise<void> {
  await db.query(sql`
    update thread_lists list set due_at = ${now}
    from bot_channels channel
    where channel.channel_id = list.channel_id and channel.guild_id = ${guildId}
      and case
        when ${channelIds}::text[] is not null then list.channel_id = any(${channelIds}::text[])
        else list.visibility = 'public' or list.listed_at is null or exists (
          select from channel_access access
          join bot_channels thread on thread.channel_id = access.channel_id and thread.type = 'private_thread'
          where access.parent_id = list.channel_id
        )
      end`);
}

/**
 * Notes that we were not there for a while: threads may have been archived unseen. Lists are read at once where
 * something tells of it: an active thread is active no more, the newest post of a forum is unknown to us, or the channel
 * has messages that we missed. The rest waits for `askForUnseenThreads`: a restart must not cost a request per channel.
 */
export async function noteUnseenThreads(
  db: Queryable,
  guildId: string,
  activeIds: readonly string[],
): Promise<void> {
  await db.query(sql`
    update thread_lists list set
      unseen_since = ${now},
      due_at = case
        when list.due_at is not null then list.due_at
        when exists (
          select from (
            select channel_id from channel_access
            where parent_id = list.channel_id and archived_at is null
            offset 0 -- from here on, or all channels of all guilds are looked through for threads
          ) thread_access
          join bot_channels thread on thread.channel_id = thread_access.channel_id
          where thread.type = any(${threadTypes}::text[])
            and (thread.type = 'private_thread') = (list.visibility = 'private')
            and not exists (select from unnest(${activeIds}::text[]) active where active = thread.channel_id)
        ) then ${now}
        when list.visibility = 'private' then null
        when channel.type = any(${forumTypes}::text[]) and access.newest_message_id is not null
          and not exists (
            select from bot_channels post where post.channel_id = access.newest_message_id::text
          ) then ${now}
        when coverage.scanned <> '{}' and not coverage.scanned @> access.newest_message_id then ${now}
      end
    from bot_channels channel
    left join channel_access access on access.channel_id = channel.channel_id
    left join covered_ids coverage on coverage.channel_id = channel.channel_id
    where channel.channel_id = list.channel_id and channel.guild_id = ${guildId} and list.listed_at is not null`);
}

/** Wants the lists that nothing told of since we were away; answers the guilds that have any. */
export async function askForUnseenThreads(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ guild_id: string }>(sql`
    with asked as (
      update thread_lists set due_at = ${now}
      where unseen_since is not null and due_at is null
      returning channel_id
    )
    select distinct channel.guild_id from asked join bot_channels channel on channel.channel_id = asked.channel_id`);
  return rows.map((row) => row.guild_id);
}

/** Whether a list of the guild is due, or could be listed if permissions were other than they were. */
export async function hasOpenThreadLists(db: Queryable, guildId: string): Promise<boolean> {
  const rows = await db.query(sql`
    select from thread_lists list
    join channel_rules rules on rules.channel_id = list.channel_id
    where rules.guild_id = ${guildId} and rules.is_reading and rules.is_open
      and (list.due_at is not null or list.refusal is not null)
    limit 1`);
  return rows.length > 0;
}

/** Of the channels that are being read and may be shown. */
export async function listThreadLists(db: Queryable, scope: ThreadListScope): Promise<ThreadList[]> {
  return db.query<ThreadList>(sql`
    select list.channel_id as "channelId", rules.guild_id as "guildId", list.visibility, channel.type,
      coalesce(access.overwrites, '[]') as overwrites, list.due_at as "dueAt", list.unseen_since as "unseenSince",
      list.listed_to as "listedTo", list.began_at as "beganAt", list.next_before as "nextBefore", list.refusal
    from thread_lists list
    join channel_rules rules on rules.channel_id = list.channel_id
    join bot_channels channel on channel.channel_id = list.channel_id
    left join channel_access access on access.channel_id = list.channel_id
    where rules.guild_id = ${scope.guildId} and rules.is_reading and rules.is_open
      and (${scope.channelId ?? null}::text is null or list.channel_id = ${scope.channelId ?? null})
    order by list.channel_id::numeric, list.visibility desc`);
}

/** Where the next page begins. False, and nothing is written: somebody else has read on meanwhile. */
export async function advanceThreadList(
  db: Queryable,
  list: ThreadList,
  next: { beganAt: Date | null; nextBefore: Date },
): Promise<boolean> {
  const rows = await db.query(sql`
    update thread_lists set began_at = ${next.beganAt}, next_before = ${next.nextBefore}
    where channel_id = ${list.channelId} and visibility = ${list.visibility}
      and next_before is not distinct from ${list.nextBefore}::timestamptz
    returning channel_id`);
  return rows.length > 0;
}

/**
 * The list was read to what was known before. `asked`: the list as it was before its first page was asked for: what
 * was wanted since then is still wanted. Null: this was the rest of a listing that was cut off, so its top may be news.
 */
export async function finishThreadList(
  db: Queryable,
  list: ThreadList,
  end: { listedTo: Date | null; refusal: string | null; asked: ThreadList | null },
): Promise<boolean> {
  const rows = await db.query(sql`
    update thread_lists set
      listed_to = ${end.listedTo}, began_at = null, next_before = null, listed_at = now(), refusal = ${end.refusal},
      due_at = case when due_at is distinct from ${end.asked?.dueAt ?? null}::timestamptz then due_at end,
      unseen_since = case
        when unseen_since is distinct from ${end.asked?.unseenSince ?? null}::timestamptz then unseen_since
      end
    where channel_id = ${list.channelId} and visibility = ${list.visibility}
      and next_before is not distinct from ${list.nextBefore}::timestamptz
    returning channel_id`);
  return rows.length > 0;
}

/** Wants a list that was refused, as permissions have changed; answers since when it is wanted. */
export async function wantThreadList(db: Queryable, list: ThreadList): Promise<Date | null> {
  const rows = await db.query<{ due_at: Date }>(sql`
    update thread_lists set due_at = coalesce(due_at, ${now})
    where channel_id = ${list.channelId} and visibility = ${list.visibility}
    returning due_at`);
  return rows[0]?.due_at ?? null;
}

/** The list cannot be read until permissions change; what was listed before stays. */
export async function refuseThreadList(db: Queryable, list: ThreadList, refusal: string): Promise<void> {
  await db.query(sql`
    update thread_lists set due_at = null, refusal = ${refusal}
    where channel_id = ${list.channelId} and visibility = ${list.visibility}`);
}

/**
 * Threads of these channels that were active when we last heard of them, and are not now: archived, deleted, or out of
 * our sight since.
 */
export async function findVanishedThreads(
  db: Queryable,
  parentIds: readonly string[],
  activeIds: readonly string[],
  limit: number,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select channel.channel_id as id
    from channel_access access
    join bot_channels channel on channel.channel_id = access.channel_id
    where access.parent_id = any(${parentIds}::text[]) and access.archived_at is null
      and channel.type = any(${threadTypes}::text[])
      and not exists (select from unnest(${activeIds}::text[]) active where active = channel.channel_id)
    order by channel.channel_id::numeric desc
    limit ${limit}`);
  return rows.map((row) => row.id);
}

/**
 * A thread that we may not see counts as archived, whenever that was: asked for with each listing, such threads would
 * leave no room for others. Once we see it, it is stored as it is: Discord tells of it when we are added to it
 * (THREAD_CREATE), when its channel opens to us (THREAD_LIST_SYNC), when it changes (THREAD_UPDATE) and with a new
 * session (GUILD_CREATE); and every listing begins with the active threads that we see.
 */
export async function noteOutOfSight(db: Queryable, threadId: string): Promise<void> {
  await db.query(sql`
    update channel_access set archived_at = to_timestamp(0) where channel_id = ${threadId} and archived_at is null`);
}
