import { type Queryable, sql } from './database.ts';
import { noteGuildChanges } from './guild-changes.ts';
import { type SettingsPatch, type StoredSettings, splitSettingsPatch } from './settings.ts';

/*
 * A guild's settings have no foreign key. Whoever writes them locks the guild's row, so that settings are neither made
 * for a guild that does not exist, nor left behind by one that is being deleted. Null answers: no such guild.
 */

/** Makes sure that the guild has a row of settings; what it holds already is not touched. */
export async function ensureGuildSettings(db: Queryable, guildId: string): Promise<void> {
  await db.query(sql`
    insert into guild_settings (guild_id)
    select guild_id from bot_guilds where guild_id = ${guildId} for key share
    on conflict (guild_id) do nothing`);
}

/** What is stored, without defaults; null when nothing is. */
export async function getGuildSettings(db: Queryable, guildId: string): Promise<StoredSettings | null> {
  const rows = await db.query<{ settings: StoredSettings }>(sql`
    select settings from guild_settings where guild_id = ${guildId}`);
  return rows[0]?.settings ?? null;
}

/** Changes only the keys of the patch, in one statement, so that patches to different keys never undo each other. */
export async function mergeGuildSettings(
  db: Queryable,
  guildId: string,
  patch: SettingsPatch,
): Promise<StoredSettings | null> {
  const { kept, removed } = splitSettingsPatch(patch);
  const rows = await db.query<{ settings: StoredSettings }>(sql`
    with changed as (
      insert into guild_settings as stored (guild_id, settings)
      select guild_id, ${kept}::jsonb from bot_guilds where guild_id = ${guildId} for key share
      on conflict (guild_id) do update set
        settings = (stored.settings || excluded.settings) - ${removed}::text[],
        updated_at = now()
      returning guild_id, settings
    ),
    noted as (${noteGuildChanges(sql`select guild_id from changed`)})
    select settings from changed`);
  return rows[0]?.settings ?? null;
}

/** Everything that was stored goes, keys of other programs included. */
export async function replaceGuildSettings(
  db: Queryable,
  guildId: string,
  settings: SettingsPatch,
): Promise<StoredSettings | null> {
  const { kept } = splitSettingsPatch(settings);
  const rows = await db.query<{ settings: StoredSettings }>(sql`
    with changed as (
      insert into guild_settings (guild_id, settings)
      select guild_id, ${kept}::jsonb from bot_guilds where guild_id = ${guildId} for key share
      on conflict (guild_id) do update set settings = excluded.settings, updated_at = now()
      returning guild_id, settings
    ),
    noted as (${noteGuildChanges(sql`select guild_id from changed`)})
    select settings from changed`);
  return rows[0]?.settings ?? null;
}
