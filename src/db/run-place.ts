import { type Sql, sql } from './database.ts';

/**
 * A place in a list of runs, or of index passes. `group`: of runs those that run are 0, those that wait 1, those that have
 * ended 2; passes are all in one.
 */
export type RunPlace = { group: number; createdAt: Date; id: string };

/**
 * For lists that have the newest first, and of one time the lowest id. What counts is the time of the place's own row,
 * which is finer than JavaScript's; that only where the row was deleted meanwhile.
 */
export function followsInTime({ createdAt, id }: RunPlace, table: Sql, row: Sql): Sql {
  const placeAt = sql`coalesce(
    (select created_at from ${table} where id = ${id}::uuid),
    ${createdAt.toISOString()}::timestamptz
  )`;
  return sql`(
    ${row}.created_at < ${placeAt} or ${row}.created_at = ${placeAt} and ${row}.id > ${id}::uuid
  )`;
}
