import { type Queryable, sql, type Transaction } from './database.ts';
import { deleteSettingsOf } from './guilds.ts';

/** Guilds deleted in one transaction; each takes all its channels, runs and videos along. */
const MAX_DELETED_GUILDS = 2;

/**
 * Hides a guild that we were removed from; its rows stay for the grace time. Never for an outage (`unavailable`).
 * A repeated removal keeps the first time. False when the guild is not known.
 */
export async function markGuildDeparted(db: Queryable, guildId: string): Promise<boolean> {
  const rows = await db.query(sql`
    with noted as (
      insert into guild_departures (guild_id)
      select guild_id from bot_guilds where guild_id = ${guildId}
      on conflict (guild_id) do nothing
    )
    select guild_id from bot_guilds where guild_id = ${guildId}`);
  return rows.length > 0;
}

/**
 * Shows the guild again, with all that was kept. Called after the guild's upsert and in its transaction: the lock on
 * the guild keeps the purge away until the departure is gone. False when the guild had not departed.
 */
export async function clearGuildDeparture(db: Queryable, guildId: string): Promise<boolean> {
  const rows = await db.query(sql`
    delete from guild_departures where guild_id = ${guildId} returning guild_id`);
  return rows.length > 0;
}

/** Ids of the guilds that we were removed from before this time, the longest gone first. */
export async function listGuildsDepartedBefore(db: Queryable, time: Date): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select guild_id as id from guild_departures
    where departed_at < ${time}::timestamptz
    order by departed_at, guild_id`);
  return rows.map((row) => row.id);
}

/**
 * Deletes some of the guilds that we were removed from before this time, with everything that hangs on them, and
 * answers their ids; to be repeated until it answers none.
 *
 * Both rows are locked, in the order in which a return takes them (guild, then departure): a bot that comes back
 * meanwhile either keeps its guild or finds it gone and makes it anew.
 */
export async function deleteGuildsDepartedBefore(tx: Transaction, time: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`
    with expired as (
      select guild.guild_id
      from bot_guilds guild
      join guild_departures departure on departure.guild_id = guild.guild_id
      where departure.departed_at < ${time}::timestamptz
      order by guild.guild_id
      limit ${MAX_DELETED_GUILDS}
      for update of guild, departure
    )
    delete from bot_guilds
    where guild_id in (select guild_id from expired)
    returning guild_id as id`);
  const ids = rows.map((row) => row.id);
  await deleteSettingsOf(tx, ids);
  return ids;
}
