import { type Sql, sql } from './database.ts';

/** When an id (a bigint expression) was made. */
export function snowflakeTime(id: Sql): Sql {
  return sql`to_timestamp((((${id}) >> 22) + 1420070400000) / 1000.0)`;
}

/** The year (UTC) in which a message with this id was posted. */
export function snowflakeYear(id: Sql): Sql {
  return sql`extract(year from ${snowflakeTime(id)} at time zone 'UTC')::smallint`;
}

/** The lowest id that could have been made at a time (a timestamptz expression). */
export function snowflakeAt(time: Sql): Sql {
  return sql`((extract(epoch from ${time}) * 1000)::bigint - 1420070400000) << 22`;
}
