import { type Queryable, sql } from './database.ts';

/** So many requests within so many seconds, of whatever the key names. */
export type Allowance = { key: string; count: number; perSecs: number };

/**
 * Takes one request out of the allowance. Null when it was there, else milliseconds until one is. A full allowance may be
 * used at once and comes back evenly (GCRA): the row holds by when all of it is there again, and a request is refused when
 * it would push that further than `perSecs` away.
 */
export async function takeAllowance(
  db: Queryable,
  { key, count, perSecs }: Allowance,
): Promise<number | null> {
  const costs = sql`make_interval(secs => ${perSecs / count}::double precision)`;
  const full = sql`make_interval(secs => ${perSecs}::double precision)`;
  const rows = await db.query<{ retryAfterMs: number | null }>(sql`
    with taken as (
      insert into rate_limits as known (key, full_at) values (${key}, now() + ${costs})
      on conflict (key) do update set full_at = greatest(known.full_at, now()) + ${costs}
      where greatest(known.full_at, now()) + ${costs} <= now() + ${full}
      returning key
    )
    select case when not exists (select from taken) then
      -- Of a row that another request has just made nothing is seen here.
      greatest(1, ceil(1000 * extract(epoch from coalesce(max(full_at) - now() + ${costs} - ${full}, ${costs}))))::integer
    end as "retryAfterMs"
    from rate_limits
    where key = ${key}`);
  return rows[0]?.retryAfterMs ?? null;
}

/** Deletes what is full again, and so says nothing any more; answers how many. */
export async function purgeRateLimits(db: Queryable): Promise<number> {
  return (await db.query(sql`delete from rate_limits where full_at < now() returning key`)).length;
}
