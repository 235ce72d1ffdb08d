import { threadTypes } from './channel-types.ts';
import { type Queryable, sql } from './database.ts';
import { noteGuildChanges } from './guild-changes.ts';
import {
  effectiveSettings,
  type Settings,
  type SettingsPatch,
  type StoredSettings,
  splitSettingsPatch,
} from './settings.ts';

/** The settings that hold in a channel: defaults ← guild ← (of a thread: parent channel ←) channel. Null: no such channel. */
export async function getEffectiveSettings(db: Queryable, channelId: string): Promise<Settings | null> {
  const rows = await db.query<{ guild: StoredSettings; parent: StoredSettings; own: StoredSettings }>(sql`
    select
      coalesce(guild.settings, '{}') as guild,
      coalesce(parent.settings, '{}') as parent,
      channel.settings as own
    from bot_channels channel
    left join guild_settings guild on guild.guild_id = channel.guild_id
    left join channel_access access
      on access.channel_id = channel.channel_id and channel.type = any(${threadTypes}::text[])
    left join bot_channels parent on parent.channel_id = access.parent_id
    where channel.channel_id = ${channelId}`);
  const [layers] = rows;
  return layers ? effectiveSettings(layers.guild, layers.parent, layers.own) : null;
}

/** Changes only the keys of the patch, in one statement. Answers what is stored now; null: no such channel. */
export async function mergeChannelSettings(
  db: Queryable,
  channelId: string,
  patch: SettingsPatch,
): Promise<StoredSettings | null> {
  const { kept, removed } = splitSettingsPatch(patch);
  const rows = await db.query<{ settings: StoredSettings }>(sql`
    with changed as (
      update bot_channels set settings = (settings || ${kept}::jsonb) - ${removed}::text[]
      where channel_id = ${channelId}
      returning guild_id, settings
    ),
    noted as (${noteGuildChanges(sql`select guild_id from changed`)})
    select settings from changed`);
  return rows[0]?.settings ?? null;
}

/** Everything that was stored goes, keys of other programs included. Null: no such channel. */
export async function replaceChannelSettings(
  db: Queryable,
  channelId: string,
  settings: SettingsPatch,
): Promise<StoredSettings | null> {
  const { kept } = splitSettingsPatch(settings);
  const rows = await db.query<{ settings: StoredSettings }>(sql`
    with changed as (
      update bot_channels set settings = ${kept}::jsonb
      where channel_id = ${channelId}
      returning guild_id, settings
    ),
    noted as (${noteGuildChanges(sql`select guild_id from changed`)})
    select settings from changed`);
  return rows[0]?.settings ?? null;
}
