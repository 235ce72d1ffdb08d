import { raiseAccessVersions } from './access-versions.ts';
import { type Queryable, sql } from './database.ts';
import { validSights } from './sight.ts';
import { storedText } from './stored-text.ts';
import { leaveThreads } from './thread-members.ts';

/** A guild that a viewer is in, as Discord told the viewer. */
export type ToldGuild = {
  id: string;
  name: string;
  icon: string | null;
  isOwner: boolean;
  /** The viewer's permissions in the guild at large. */
  permissions: bigint;
};

export type ViewerGuild = ToldGuild & {
  /** The bot is there. */
  isInstalled: boolean;
  /** What the bot's own look at the viewer says; null: the bot is not there. */
  canManageThere: boolean | null;
};

/**
 * Makes the list of the viewer's guilds the one that Discord has just told. What the viewer saw in guilds that are no
 * longer in it is shown no more.
 */
export async function replaceViewerGuilds(
  db: Queryable,
  userId: string,
  guilds: readonly ToldGuild[],
): Promise<void> {
  await db.query(sql`
    with viewer as (
      insert into viewers (user_id, guilds_read_at) values (${userId}, now())
      on conflict (user_id) do update set guilds_read_at = excluded.guilds_read_at
      returning user_id
    ),
    given as (
      select distinct on (guild_id) *
      from unnest(
        ${guilds.map((guild) => guild.id)}::text[],
        ${guilds.map((guild) => storedText(guild.name))}::text[],
        ${guilds.map((guild) => storedText(guild.icon))}::text[],
        ${guilds.map((guild) => guild.isOwner)}::boolean[],
        ${guilds.map((guild) => guild.permissions)}::numeric[]
      ) as told (guild_id, name, icon, is_owner, permissions)
      order by guild_id
    ),
    left_guilds as (
      delete from viewer_guilds where user_id = ${userId} and guild_id not in (select guild_id from given)
      returning guild_id
    ),
    ${leaveThreads(userId, sql`select guild_id from left_guilds`)},
    versions as (${raiseAccessVersions(sql`select guild_id from left_threads`)}),
    unseen as (
      delete from viewer_channels where user_id = ${userId} and guild_id not in (select guild_id from given)
    )
    insert into viewer_guilds as known (user_id, guild_id, name, icon, is_owner, permissions)
    select viewer.user_id, given.* from viewer cross join given
    on conflict (user_id, guild_id) do update set
      name = excluded.name, icon = excluded.icon, is_owner = excluded.is_owner, permissions = excluded.permissions
    where (known.name, known.icon, known.is_owner, known.permissions)
      is distinct from (excluded.name, excluded.icon, excluded.is_owner, excluded.permissions)`);
}

/** The list of the viewer's guilds is no longer right: it is read again before it is used. */
export async function forgetGuildList(db: Queryable, userId: string): Promise<void> {
  await db.query(sql`update viewers set guilds_read_at = null where user_id = ${userId}`);
}

/**
 * By name; where the bot is, under the name that the bot knows, and only if it finds the viewer there: of a kick it may
 * know before the viewer's own list is read again. Operators see and manage wherever the bot is.
 */
export async function listViewerGuilds(
  db: Queryable,
  { userId, isOperator }: { userId: string; isOperator: boolean },
): Promise<ViewerGuild[]> {
  const rows = await db.query<Omit<ViewerGuild, 'permissions'> & { permissions: string }>(sql`
    select
      own.guild_id as id, coalesce(guild.name, own.name) as name,
      case when guild.guild_id is null then own.icon else guild.icon end as icon,
      own.is_owner as "isOwner", own.permissions, guild.guild_id is not null as "isInstalled",
      case when guild.guild_id is not null then ${isOperator} or sight.can_manage end as "canManageThere"
    from viewer_guilds own
    left join (
      select g.guild_id, g.name, g.icon from bot_guilds g
      where not exists (select from guild_departures departure where departure.guild_id = g.guild_id)
    ) guild on guild.guild_id = own.guild_id
    left join (${validSights(userId)}) sight on sight.guild_id = own.guild_id
    where own.user_id = ${userId} and (guild.guild_id is null or sight.guild_id is not null or ${isOperator})
    order by lower(coalesce(guild.name, own.name)), own.guild_id`);
  return rows.map((row) => ({ ...row, permissions: BigInt(row.permissions) }));
}
