import { type Queryable, type Sql, sql } from './database.ts';

/*
 * A guild that was joined waits for somebody who manages it to choose channels. Until then nothing of it is read by itself:
 * no newcomer expects a bot to read all that it can. A guild without a row here is set up.
 */

/** Of a guild that is new to us. Doing it twice changes nothing. */
export async function awaitSetup(db: Queryable, guildId: string): Promise<void> {
  await db.query(sql`
    insert into pending_setups (guild_id)
    select guild_id from bot_guilds where guild_id = ${guildId} for key share
    on conflict (guild_id) do nothing`);
}

/** Channels that come later are read as the settings say. False: it was set up before. */
export async function endSetup(db: Queryable, guildId: string): Promise<boolean> {
  const rows = await db.query(sql`
    delete from pending_setups where guild_id = ${guildId} returning guild_id`);
  return rows.length > 0;
}

export async function isSetUp(db: Queryable, guildId: string): Promise<boolean> {
  return (await db.query(sql`select from pending_setups where guild_id = ${guildId}`)).length === 0;
}

/** SQL: whether nobody has set the guild up yet. */
export function awaitsSetup(guildId: Sql): Sql {
  return sql`exists (select from pending_setups pending where pending.guild_id = ${guildId})`;
}
