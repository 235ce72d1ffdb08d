import { type Sql, sql } from './database.ts';

/**
 * A statement that makes void what was computed of the sights of these guilds (a select of `guild_id`). It belongs into
 * the transaction of the change. What happens to roles is counted by triggers.
 */
export function raiseAccessVersions(guilds: Sql): Sql {
  return sql`
    insert into guild_access_versions (guild_id)
    select distinct guild_id from (${guilds}) changed
    order by guild_id -- one order of locks
    on conflict (guild_id) do update set version = guild_access_versions.version + 1`;
}
