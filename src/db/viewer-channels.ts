import type { ChannelType } from './channel-types.ts';
import type { PermissionOverwrite } from './channels-sync.ts';
import { type Queryable, sql } from './database.ts';

/*
 * What each viewer may see, as it was computed from roles and overwrites. All that it is computed from is read together
 * with the guild's version, in one statement; whoever changes any of it raises the version in the same transaction. So
 * a row that has the guild's version is right, and others count for nothing (`validSights`).
 */

/** Discord is asked for a member's roles again after so long. */
const ROLES_FRESH_SECS = 300;
/** Whoever manages was a manager so lately. */
const ROLES_NEW_SECS = 60;
/** Roles that Discord told longer ago show nothing, though it does not answer. */
const ROLES_USABLE_SECS = 3_600;
/** Whether somebody is in a private thread is asked again after so long. */
const THREAD_MEMBERS_FRESH_SECS = 900;
/** What is brought up to date stays so at least for as long as a request may take. */
const REQUEST_SECS = 30;
/** While Discord does not answer, and while threads are left to be asked about: how long until it is tried again. */
const RETRY_SECS = REQUEST_SECS + 15;

export type SightState = {
  /** By the database, before anything was asked of Discord: what is told later is newer. */
  askedAt: string;
  /** The list of the viewer's guilds was read lately. */
  isListFresh: boolean;
  /** The guilds where both the viewer, as far as that was told, and the bot are. */
  guilds: { guildId: string; isFresh: boolean; areRolesFresh: boolean }[];
};

export type MemberState = { askedAt: string; areRolesNew: boolean };

/** How new the roles of one member are, for an act. Null: the bot is not there. */
export async function readMemberState(
  db: Queryable,
  userId: string,
  guildId: string,
): Promise<MemberState | null> {
  const rows = await db.query<MemberState>(sql`
    select
      now()::text as "askedAt",
      exists (
        select from member_roles member
        where member.guild_id = guild.guild_id and member.user_id = ${userId}
          and member.read_at > ${secondsAgo(ROLES_NEW_SECS)}
      ) as "areRolesNew"
    from bot_guilds guild
    where guild.guild_id = ${guildId}
      and not exists (select from guild_departures departure where departure.guild_id = guild.guild_id)`);
  return rows[0] ?? null;
}

/** What of a viewer's sight has to be brought up to date. */
export async function readSightState(db: Queryable, userId: string): Promise<SightState> {
  const [state] = await db.query<SightState>(sql`
    select
      now()::text as "askedAt",
      coalesce(viewer.guilds_read_at > ${secondsAgo(ROLES_FRESH_SECS - REQUEST_SECS)}, false) as "isListFresh",
      array(
        select jsonb_build_object(
          'guildId', own.guild_id,
          'isFresh', coalesce(
            seen.access_version = coalesce(now_is.version, 0)
              and seen.valid_until > now() + make_interval(secs => ${REQUEST_SECS}),
            false
          ),
          'areRolesFresh', coalesce(member.read_at > ${secondsAgo(ROLES_FRESH_SECS - REQUEST_SECS)}, false)
        )
        from viewer_guilds own
        join bot_guilds guild on guild.guild_id = own.guild_id
        left join guild_departures departure on departure.guild_id = own.guild_id
        left join guild_access_versions now_is on now_is.guild_id = own.guild_id
        left join viewer_channels seen on seen.user_id = own.user_id and seen.guild_id = own.guild_id
        left join member_roles member on member.user_id = own.user_id and member.guild_id = own.guild_id
        where own.user_id = ${userId} and departure.guild_id is null
      ) as guilds
    from (select) one
    left join viewers viewer on viewer.user_id = ${userId}`);
  if (!state) throw new RangeError('a state has one row');
  return state;
}

/** All of one guild that a viewer's sight is computed from. */
export type SightSource = {
  guildId: string;
  version: string;
  ownerId: string | null;
  member: { roleIds: string[]; isTimedOut: boolean };
  /** Of these, those of the guild that the member has, and @everyone's. */
  roles: { id: string; permissions: string }[];
  channels: SightChannel[];
};

/** A channel, or a private thread. Other threads are seen by whoever sees their channel. */
export type SightChannel = {
  channelId: string;
  type: ChannelType | null;
  parentId: string | null;
  overwrites: PermissionOverwrite[];
  newestMessageId: string | null;
  /** Of a private thread: whether the viewer is in it, if that was told lately enough to be of use. */
  membership: ThreadMembership | null;
};

export type ThreadMembership = {
  isMember: boolean;
  /** False: it is to be asked again, and counts only when no answer comes. */
  isFresh: boolean;
  /** ISO 8601: until when it may be relied on. */
  until: string;
};

/** Of those of the guilds in which the viewer is known to be. */
export async function readSightSources(
  db: Queryable,
  userId: string,
  guildIds: readonly string[],
): Promise<SightSource[]> {
  return db.query<SightSource>(sql`
    select
      guild.guild_id as "guildId", coalesce(now_is.version, 0)::text as version,
      guild.owner_user_id as "ownerId",
      jsonb_build_object(
        -- of a role that was deleted, overwrites may be left
        'roleIds', array(
          select role.role_id from guild_roles role
          where role.guild_id = guild.guild_id and role.role_id = any (member.role_ids)
        ),
        'isTimedOut', coalesce(member.timed_out_until > now(), false)
      ) as member,
      array(
        select jsonb_build_object('id', role.role_id, 'permissions', role.permissions::text)
        from guild_roles role
        where role.guild_id = guild.guild_id
          and (role.role_id = guild.guild_id or role.role_id = any (member.role_ids))
      ) as roles,
      array(
        select jsonb_build_object(
          'channelId', channel.channel_id, 'type', channel.type, 'parentId', access.parent_id,
          'overwrites', access.overwrites, 'newestMessageId', access.newest_message_id::text,
          'membership', case when thread.channel_id is not null then jsonb_build_object(
            'isMember', thread.is_member,
            'isFresh', thread.is_fresh,
            'until', case
              when thread.is_fresh then thread.read_at + make_interval(secs => ${THREAD_MEMBERS_FRESH_SECS})
              else least(
                thread.read_at + make_interval(secs => ${ROLES_USABLE_SECS}),
                now() + make_interval(secs => ${RETRY_SECS})
              )
            end
          ) end
        )
        from bot_channels channel
        join channel_access access on access.channel_id = channel.channel_id
        left join lateral (
          select *, told.read_at > ${secondsAgo(THREAD_MEMBERS_FRESH_SECS - REQUEST_SECS)} as is_fresh
          from thread_members told
          where told.channel_id = channel.channel_id and told.user_id = member.user_id
            and told.read_at > ${secondsAgo(ROLES_USABLE_SECS)}
        ) thread on channel.type = 'private_thread'
        where channel.guild_id = guild.guild_id
          and (channel.type is null or channel.type not in ('public_thread', 'announcement_thread'))
      ) as channels
    from bot_guilds guild
    join member_roles member on member.guild_id = guild.guild_id
    left join guild_access_versions now_is on now_is.guild_id = guild.guild_id
    where guild.guild_id = any (${guildIds}::text[])
      and member.user_id = ${userId} and member.read_at > ${secondsAgo(ROLES_USABLE_SECS)}`);
}

export type ComputedSight = {
  guildId: string;
  version: string;
  channelIds: readonly string[];
  canManage: boolean;
  /** Discord was asked for the member's roles, which are old, and did not answer: they count for the time being. */
  areRolesOld: boolean;
  /** Some threads were not asked about yet. */
  isUnfinished: boolean;
  /** ISO 8601: until when the memberships in threads may be relied on; null: it rests on none. */
  until: string | null;
};

/** Answers the guilds of those that are right still: for the others something has changed meanwhile. */
export async function storeViewerChannels(
  db: Queryable,
  userId: string,
  sights: readonly ComputedSight[],
): Promise<string[]> {
  const rows = await db.query<{ guild_id: string }>(sql`
    with given as (
      select *
      from jsonb_to_recordset(${JSON.stringify(sights)}::jsonb) as computed (
        "guildId" text, version bigint, "channelIds" text[], "canManage" boolean, "areRolesOld" boolean,
        "isUnfinished" boolean, until timestamptz
      )
    )
    insert into viewer_channels (user_id, guild_id, channel_ids, can_manage, access_version, valid_until)
    select
      member.user_id, given."guildId", given."channelIds", given."canManage", given.version,
      least(
        case
          when given."areRolesOld" then least(
            member.read_at + make_interval(secs => ${ROLES_USABLE_SECS}),
            now() + make_interval(secs => ${RETRY_SECS})
          )
          else member.read_at + make_interval(secs => ${ROLES_FRESH_SECS})
        end,
        case when given."isUnfinished" then now() + make_interval(secs => ${RETRY_SECS}) end,
        case when member.timed_out_until > now() then member.timed_out_until end,
        given.until
      )
    from given
    join member_roles member on member.guild_id = given."guildId" and member.user_id = ${userId}
    left join guild_access_versions now_is on now_is.guild_id = given."guildId"
    where given.version = coalesce(now_is.version, 0)
    order by given."guildId" -- one order of locks
    on conflict (user_id, guild_id) do update set
      channel_ids = excluded.channel_ids, can_manage = excluded.can_manage,
      access_version = excluded.access_version, valid_until = excluded.valid_until
    returning guild_id`);
  return rows.map((row) => row.guild_id);
}

function secondsAgo(secs: number) {
  return sql`now() - make_interval(secs => ${secs})`;
}
