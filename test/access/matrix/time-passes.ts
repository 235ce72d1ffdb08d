import { type Database, sql } from '../../../src/db/database.ts';

/** All that Discord told of a viewer was told so many seconds earlier, as if the time had passed meanwhile. */
export async function letTimePass(db: Database, userId: string, secs: number): Promise<void> {
  const span = sql`make_interval(secs => ${secs})`;
  await db.query(sql`update member_roles set read_at = read_at - ${span} where user_id = ${userId}`);
  await db.query(sql`update thread_members set read_at = read_at - ${span} where user_id = ${userId}`);
  await db.query(
    sql`update viewer_channels set valid_until = valid_until - ${span} where user_id = ${userId}`,
  );
  await db.query(sql`update viewers set guilds_read_at = guilds_read_at - ${span} where user_id = ${userId}`);
}
