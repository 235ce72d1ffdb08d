import { sql } from './database.ts';
import { awaitsSetup } from './pending-setups.ts';
import { defaultSettings } from './settings.ts';

/**
 * SQL: whether `auto_scan` holds in a channel, which it does in no guild that awaits its set-up; for statements that name
 * `channel_rules` rules.
 */
export const isAutoScanned = sql`(
  coalesce(rules.own_settings -> 'auto_scan' = 'true', ${defaultSettings.auto_scan})
  and not ${awaitsSetup(sql`rules.guild_id`)}
)`;
