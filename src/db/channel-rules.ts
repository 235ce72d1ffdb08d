import { noteNewAwaitingOpening } from './age-restriction.ts';
import { isAutoScanned } from './auto-scan.ts';
import { containerTypes, threadTypes } from './channel-types.ts';
import { type Queryable, sql } from './database.ts';
import { noteGuildChanges } from './guild-changes.ts';
import { passingReasons } from './scan-run-reasons.ts';
import { effectiveSettings, type Settings, type StoredSettings } from './settings.ts';

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
  if (channelIds.length === 0) return;
  await db.query(sql`
    with switched as (
      update bot_channels c set is_reading = true
      from channel_rules rules
      where rules.channel_id = c.channel_id and c.channel_id = any(${channelIds}::text[])
        and rules.is_open and c.type <> 'category' and c.type <> all(${threadTypes}::text[])
        and ${isAutoScanned}
      returning c.guild_id
    )
    ${noteGuildChanges(sql`select guild_id from switched`)}`);
  // The parent is locked, so that nobody switches it without seeing the new thread.
  await db.query(sql`
    with parents as materialized (
      select channel_id, is_reading from bot_channels
      where channel_id in (
        select access.parent_id from channel_access access where access.channel_id = any(${channelIds}::text[])
      )
      order by channel_id
      for share
    ),
    switched as (
      update bot_channels c set is_reading = true
      from channel_rules rules
      join parents on parents.channel_id = rules.parent_id
      where rules.channel_id = c.channel_id and c.channel_id = any(${channelIds}::text[])
        and rules.is_open and c.type = any(${threadTypes}::text[]) and parents.is_reading
      returning c.guild_id
    )
    ${noteGuildChanges(sql`select guild_id from switched`)}`);
  await noteNewAwaitingOpening(db, channelIds);
}

/**
 * Channels of the guild whose first scan was never made or was prevented, where `auto_scan` or a person wants one; of
 * `channelIds` only, if given.
 */
export async function findNeverScanned(
  db: Queryable,
  guildId: string,
  channelIds: readonly string[] | null = null,
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select c.channel_id as id
    from bot_channels c
    join channel_rules rules on rules.channel_id = c.channel_id
    where c.guild_id = ${guildId} and rules.is_reading and rules.is_open
      and (${channelIds}::text[] is null or c.channel_id = any(${channelIds}::text[]))
      and c.type <> all(${containerTypes}::text[]) and c.type not like 'unknown%'
      and (
        ${isAutoScanned}
        or exists (
          select from bot_channel_scan_runs run
          join scan_run_walks walk on walk.run_id = run.id
          where run.channel_id = c.channel_id and run.status = 'failed' and walk.requested_by = 'person'
        )
      )
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
