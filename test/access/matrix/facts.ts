import { type Database, sql } from '../../../src/db/database.ts';

/** What the program itself made, whoever may see it: runs, passes, sessions, tokens, switches. Read from the database. */
export type Facts = {
  runs: Map<string, Run>;
  passes: Map<string, { guildId: string }>;
  /** Live ones. */
  sessions: Map<string, { userId: string }>;
  tokens: Map<string, { userId: string }>;
  readingIds: Set<string>;
};

/** `isNewest`: none of its channel is newer, canceled ones aside. `place`: in the list of all, from 1. */
type Run = { channelId: string; status: string; isNewest: boolean; createdAt: Date; place: number };

export async function readFacts(db: Database): Promise<Facts> {
  const [runs, passes, sessions, tokens, reading] = await Promise.all([
    db.query<Run & { id: string }>(sql`
      select id, channel_id as "channelId", status::text, created_at as "createdAt",
        row_number() over (
          order by status = 'running' desc, status = 'queued' desc, created_at desc, id
        )::integer as place,
        not exists (
          select from bot_channel_scan_runs newer
          where newer.channel_id = run.channel_id and newer.created_at > run.created_at
            and newer.status <> 'canceled'
        ) as "isNewest"
      from bot_channel_scan_runs run`),
    db.query<{ id: string; guildId: string }>(sql`select id, guild_id as "guildId" from index_passes`),
    db.query<{ id: string; userId: string }>(sql`
      select id, user_id as "userId" from sessions
      where expires_at > now() and last_seen_at > now() - interval '7 days'`),
    db.query<{ id: string; userId: string }>(sql`
      select id, user_id as "userId" from api_tokens where coalesce(expires_at > now(), true)`),
    db.query<{ id: string }>(sql`select channel_id as id from bot_channels where is_reading`),
  ]);
  return {
    runs: byId(runs),
    passes: byId(passes),
    sessions: byId(sessions),
    tokens: byId(tokens),
    readingIds: new Set(reading.map(({ id }) => id)),
  };
}

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}
