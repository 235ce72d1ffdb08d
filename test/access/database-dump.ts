import { type Queryable, raw, sql } from '../../src/db/database.ts';

/** Every row of every table, as text, by table. `volatile` columns are left out. */
export type Dump = Record<string, string[]>;

export async function dumpDatabase(db: Queryable, volatile: readonly string[] = []): Promise<Dump> {
  const tables = await db.query<{ name: string }>(sql`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')
    order by 1`);
  const dump: Dump = {};
  for (const { name } of tables) {
    const rows = await db.query<{ row: string }>(sql`
      select (to_jsonb(t) - ${[...volatile]}::text[])::text as row from ${raw(name)} t order by 1`);
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}

/** What a look at things may write: when somebody was seen, how often they asked, and what they may see. */
const traces = ['last_seen_at', 'last_used_at', 'read_at', 'guilds_read_at', 'valid_until'];
const traceTables = ['public.rate_limits', 'public.viewer_channels'];

/** All that nobody may change by looking. */
export async function dumpLasting(db: Queryable): Promise<Dump> {
  const dump = await dumpDatabase(db, traces);
  return Object.fromEntries(Object.entries(dump).filter(([table]) => !traceTables.includes(table)));
}
