import { type Queryable, type Sql, sql } from '../../src/db/database.ts';

/** Channels of which it is not determined how many messages were read. */
type Doubtful = readonly string[];

/**
 * Every row that a scan and live events leave behind, but for ids and times of its own, signed links, and who found a
 * video first: what two programs on one Discord must agree on, whatever happened to each. By table.
 */
function statements(doubtful: Doubtful): Record<string, Sql> {
  return {
    guilds: sql`select guild_id, name, icon, owner_user_id from bot_guilds`,
    settings: sql`select guild_id, settings from guild_settings`,
    users: sql`select discord_user_id, username, global_name, avatar from users`,
    channels: sql`
      select channel_id, guild_id, name, type, is_nsfw, is_reading, settings,
        case when channel_id <> all(${doubtful}::text[])
          then jsonb_build_array(message_count, last_message_id, last_activity_at) end as counters
      from bot_channels`,
    years: sql`select * from channel_years where channel_id <> all(${doubtful}::text[])`,
    access: sql`
      select channel_id, parent_id, position, overwrites, archived_at, has_own_reading from channel_access`,
    roles: sql`select * from guild_roles`,
    members: sql`select guild_id, user_id, role_ids from member_roles`,
    videos: sql`
      select to_jsonb(v) - '{url,proxy_url,url_expires_at,thumbnail_url,found_at,found_by,deleted_at}'::text[] as video,
        deleted_at is not null as is_deleted
      from videos v
      where deleted_at is null or channel_id <> all(${doubtful}::text[])`,
    authors: sql`
      select * from authors
      where exists (select from videos v where v.author_id = authors.id and v.deleted_at is null)`,
    'skipped files': sql`select message_id, place, channel_id, reason from skipped_files`,
    'thread lists': sql`select channel_id, visibility, listed_to, began_at, next_before from thread_lists`,
    'first scans': sql`
      select distinct r.channel_id, r.status, w.reason
      from bot_channel_scan_runs r join scan_run_walks w on w.run_id = r.id
      where w.requested_by = 'auto'`,
    'unfinished runs': sql`select id from bot_channel_scan_runs where status in ('queued', 'running')`,
    'index passes': sql`select distinct guild_id, status from index_passes`,
  };
}

/** Lines that one of two libraries has and the other lacks. */
export async function compareLibraries(a: Queryable, b: Queryable, doubtful: Doubtful): Promise<string[]> {
  const differences: string[] = [];
  for (const [table, statement] of Object.entries(statements(doubtful))) {
    const [left, right] = await Promise.all([a, b].map((db) => linesOf(db, statement)));
    const only = (mine: string[] = [], others: string[] = []) => {
      const known = new Set(others);
      return mine.filter((line) => !known.has(line));
    };
    if (left?.length !== right?.length)
      differences.push(`${table}: ${left?.length} against ${right?.length} rows`);
    differences.push(...only(left, right).map((line) => `${table}, only undisturbed: ${line}`));
    differences.push(...only(right, left).map((line) => `${table}, only killed: ${line}`));
  }
  return differences;
}

async function linesOf(db: Queryable, statement: Sql): Promise<string[]> {
  return (await db.query<Record<string, unknown>>(statement)).map((row) => JSON.stringify(row));
}
