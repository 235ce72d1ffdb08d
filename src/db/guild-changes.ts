import { type Sql, sql } from './database.ts';

/**
 * A statement that notes that lists show something else of these guilds (a select of `guild_id`), for those who follow the
 * events. It belongs into the transaction of the change, best into its statement. Each note shows, also one of a transaction
 * that began before another that noted and was seen.
 */
export function noteGuildChanges(guilds: Sql): Sql {
  return sql`
    insert into guild_changes (guild_id)
    select distinct guild_id from (${guilds}) changed
    order by guild_id -- one order of locks
    on conflict (guild_id) do update set
      changed_at = greatest(now(), guild_changes.changed_at + interval '1 microsecond')`;
}
