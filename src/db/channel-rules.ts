import { containerTypes, threadTypes } from './channel-types.ts';
import { type Queryable, sql } from './database.ts';
import { defaultSettings, effectiveSettings, type Settings, type StoredSettings } from './settings.ts';

/** What holds for a channel now, all layers together (view `channel_rules`). */
export type ChannelRules = {
  channelId: string;
  guildId: string;
  isReading: boolean;
  /** May be read, scanned and shown: the guild is ours, and age restriction is not in the way. */
  isOpen: boolean;
  settings: Settings;
};

export async function listChannelRules(
  db: Queryable,
  channelIds: readonly string[],
): Promise<Map<string, ChannelRules>> {
  const rows = await db.query<Omit<ChannelRules, 'settings'> & { own: StoredSettings }>(sql`
    select channel_id as "channelId", guild_id as "guildId", is_reading as "isReading", is_open as "isOpen",
      own_settings as own
    from channel_rules where channel_id = any(${channelIds}::text[])`);
  return new Map(
    rows.map(({ own, ...row }) => [row.channelId, { ...row, settings: effectiveSettings(own) }]),
  );
}

/**
 * Begins to read new channels where `auto_scan` says so, and new threads where their channel is read.
 * Categories hold nothing to read; age-restricted channels wait until they may be read.
 */
export async function startReadingNew(db: Queryable, channelIds: readonly string[]): Promise<void> {
  await db.query(sql`
    update bot_channels c set is_reading = true
    from channel_rules rules
    where rules.channel_id = c.channel_id and c.channel_id = any(${channelIds}::text[])
      and rules.is_open and c.type <> 'category' and c.type <> all(${threadTypes}::text[])
      and coalesce(rules.own_settings -> 'auto_scan' = 'true', ${defaultSettings.auto_scan})`);
  await db.query(sql`
    update bot_channels c set is_reading = true
    from channel_rules rules
    join bot_channels parent on parent.channel_id = rules.parent_id
    where rules.channel_id = c.channel_id and c.channel_id = any(${channelIds}::text[])
      and rules.is_open and c.type = any(${threadTypes}::text[]) and parent.is_reading`);
}

/** Channels of the guild that are read although they have become age-restricted. */
export async function findClosedReading(db: Queryable, guildId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select channel_id as id from channel_rules
    where guild_id = ${guildId} and is_reading and not is_open and not is_departed
    order by channel_id`);
  return rows.map((row) => row.id);
}

/** Ends of a run whose cause can pass by itself: the scan is worth another try when something has changed. */
const passingReasons = [
  'missing_access',
  'no_history_permission',
  'no_content_intent',
  'channel_age_restricted',
  'discord_unavailable',
];

/** Channels of the guild that `auto_scan` wants scanned, and whose first scan was never made or was prevented. */
export async function findNeverScanned(db: Queryable, guildId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select c.channel_id as id
    from bot_channels c
    join channel_rules rules on rules.channel_id = c.channel_id
    where c.guild_id = ${guildId} and rules.is_reading and rules.is_open
      and c.type <> all(${containerTypes}::text[]) and c.type not like 'unknown%'
      and coalesce(rules.own_settings -> 'auto_scan' = 'true', ${defaultSettings.auto_scan})
      and not exists (
        select from bot_channel_scan_runs run
        left join scan_run_walks walk on walk.run_id = run.id
        where run.channel_id = c.channel_id
          and (run.status in ('queued', 'running', 'succeeded') or walk.reason <> all(${passingReasons}::text[])
            or walk.reason is null)
      )
    order by c.channel_id::numeric`);
  return rows.map((row) => row.id);
}
