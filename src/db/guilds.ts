import { raiseAccessVersions } from './access-versions.ts';
import { type Queryable, sql, type Transaction } from './database.ts';
import { noteGuildChanges } from './guild-changes.ts';
import { storedText } from './stored-text.ts';

export type Guild = {
  id: string;
  name: string;
  /** Icon hash as Discord tells it. */
  icon: string | null;
  ownerUserId: string | null;
  joinedAt: Date | null;
  lastSeenAt: Date | null;
  /** When we were removed from it; such a guild is hidden until it is deleted or we return. */
  departedAt: Date | null;
};

export type NewGuild = {
  id: string;
  name: string;
  icon: string | null;
  /** Null when it was not told: a known owner stays. */
  ownerUserId: string | null;
  /** Left out when it was not told: a known time stays, a new guild was joined now. */
  joinedAt?: Date;
};

/** Whether guilds that we were removed from are among the answer. */
export type GuildScope = { includeDeparted: boolean };

const presentOnly: GuildScope = { includeDeparted: false };

const guildColumns = sql`
  guild.guild_id as id, guild.name, guild.icon, guild.owner_user_id as "ownerUserId",
  guild.joined_at as "joinedAt", guild.last_seen_at as "lastSeenAt", departure.departed_at as "departedAt"`;

/**
 * Stores what Discord tells of guilds, and that they were seen now. Does not end a departure:
 * whoever learns that we are back calls `clearGuildDeparture`.
 *
 * Owners whom we have never met get their `users` row in the same statement; the reference is checked at its end.
 * Known owners are locked, so that nobody deletes them in between. Rows are locked in the order of their ids,
 * so that two writers of many guilds never wait for each other crosswise. Of an id given twice the last counts.
 */
export async function upsertGuilds(db: Queryable, guilds: readonly NewGuild[]): Promise<void> {
  if (guilds.length === 0) return;
  await db.query(sql`
    with given as (
      select distinct on (guild_id) guild_id, name, icon, owner_user_id, joined_at
      from unnest(
        ${guilds.map((guild) => guild.id)}::text[],
        ${guilds.map((guild) => storedText(guild.name))}::text[],
        ${guilds.map((guild) => storedText(guild.icon))}::text[],
        ${guilds.map((guild) => guild.ownerUserId)}::text[],
        ${guilds.map((guild) => guild.joinedAt ?? null)}::timestamptz[]
      ) with ordinality as told (guild_id, name, icon, owner_user_id, joined_at, place)
      order by guild_id, place desc
    ),
    known_owners as (
      select discord_user_id from users
      where discord_user_id in (select owner_user_id from given)
      order by discord_user_id
      for key share
    ),
    new_owners as (
      insert into users (discord_user_id)
      select owner_user_id from given where owner_user_id is not null
      except
      select discord_user_id from known_owners
      order by 1
      on conflict (discord_user_id) do nothing
    ),
    written as (
      insert into bot_guilds as guild (guild_id, name, icon, owner_user_id, joined_at, last_seen_at)
      select guild_id, name, icon, owner_user_id, coalesce(joined_at, now()), now()
      from given
      order by guild_id
      on conflict (guild_id) do update set
        name = excluded.name,
        icon = excluded.icon,
        owner_user_id = coalesce(excluded.owner_user_id, guild.owner_user_id),
        joined_at = coalesce(
          (select given.joined_at from given where given.guild_id = excluded.guild_id),
          guild.joined_at
        ),
        last_seen_at = excluded.last_seen_at
      returning guild_id, name, icon, owner_user_id
    ),
    changed as (
      select written.guild_id, written.owner_user_id is distinct from old.owner_user_id as has_new_owner
      from written
      left join bot_guilds old on old.guild_id = written.guild_id -- as it was before this statement
      where (written.name, written.icon, written.owner_user_id)
        is distinct from (old.name, old.icon, old.owner_user_id)
    ),
    noted as (${noteGuildChanges(sql`select guild_id from changed`)})
    ${raiseAccessVersions(sql`select guild_id from changed where has_new_owner`)}`);
}

export async function upsertGuild(db: Queryable, guild: NewGuild): Promise<void> {
  await upsertGuilds(db, [guild]);
}

export async function listGuilds(db: Queryable, scope = presentOnly): Promise<Guild[]> {
  return db.query<Guild>(sql`
    select ${guildColumns}
    from bot_guilds guild
    left join guild_departures departure on departure.guild_id = guild.guild_id
    where departure.guild_id is null or ${scope.includeDeparted}
    order by lower(guild.name), guild.guild_id`);
}

export async function getGuild(db: Queryable, guildId: string, scope = presentOnly): Promise<Guild | null> {
  const rows = await db.query<Guild>(sql`
    select ${guildColumns}
    from bot_guilds guild
    left join guild_departures departure on departure.guild_id = guild.guild_id
    where guild.guild_id = ${guildId} and (departure.guild_id is null or ${scope.includeDeparted})`);
  return rows[0] ?? null;
}

/** Deletes the guild with everything that hangs on it. False when there was no such guild. */
export async function deleteGuild(tx: Transaction, guildId: string): Promise<boolean> {
  const rows = await tx.query(sql`delete from bot_guilds where guild_id = ${guildId} returning guild_id`);
  await deleteSettingsOf(tx, [guildId]);
  return rows.length > 0;
}

/**
 * Settings have no foreign key. They go after their guilds and in a statement of its own: writers of settings lock the
 * guild, so what they wrote while the guild's deletion waited for them is visible only now.
 */
export async function deleteSettingsOf(tx: Transaction, guildIds: readonly string[]): Promise<void> {
  await tx.query(sql`delete from guild_settings where guild_id = any(${guildIds}::text[])`);
}
