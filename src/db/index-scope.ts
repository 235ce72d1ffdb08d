import { type Queryable, sql } from './database.ts';
import { effectiveSettings, type StoredSettings } from './settings.ts';

/** What of a guild a search may bring: the settings of all its channels that are read, together. */
export type IndexScope = {
  /** Extensions that count as video in any of them. */
  formats: readonly string[];
  /** Some age-restricted channel is read. */
  includesNsfw: boolean;
};

/** Null: no channel of the guild is read. */
export async function getIndexScope(db: Queryable, guildId: string): Promise<IndexScope | null> {
  const rows = await db.query<{ own: StoredSettings; is_nsfw: boolean }>(sql`
    select own_settings as own, bool_or(is_age_restricted) as is_nsfw
    from channel_rules
    where guild_id = ${guildId} and is_reading and is_open
    group by own_settings`);
  if (rows.length === 0) return null;
  return {
    formats: [...new Set(rows.flatMap(({ own }) => effectiveSettings(own).video_formats))],
    includesNsfw: rows.some((row) => row.is_nsfw),
  };
}
