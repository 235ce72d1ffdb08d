import { type Queryable, sql } from './database.ts';

/** What RESUME needs. `sequence` counts the events that are committed. */
export type GatewaySession = {
  shardId: number;
  shardCount: number;
  sessionId: string;
  resumeUrl: string;
  sequence: number;
};

export async function getGatewaySession(
  db: Queryable,
  shardId: number,
  shardCount: number,
): Promise<GatewaySession | null> {
  const [row] = await db.query<{ session_id: string; resume_url: string; sequence: string }>(sql`
    select session_id, resume_url, sequence from gateway_sessions
    where shard_id = ${shardId} and shard_count = ${shardCount}`);
  if (!row) return null;
  return {
    shardId,
    shardCount,
    sessionId: row.session_id,
    resumeUrl: row.resume_url,
    sequence: Number(row.sequence),
  };
}

/** Call it in the transaction that wrote the events up to `session.sequence`. `intents` were accepted by Discord. */
export async function saveGatewaySession(
  db: Queryable,
  session: GatewaySession,
  intents: number,
): Promise<void> {
  await db.query(sql`
    insert into gateway_sessions (shard_id, shard_count, session_id, resume_url, sequence, intents)
    values (${session.shardId}, ${session.shardCount}, ${session.sessionId}, ${session.resumeUrl},
      ${session.sequence}, ${intents})
    on conflict (shard_id, shard_count) do update set
      accepted_at = case when gateway_sessions.session_id = excluded.session_id
        then gateway_sessions.accepted_at else now() end,
      session_id = excluded.session_id, resume_url = excluded.resume_url, sequence = excluded.sequence,
      intents = excluded.intents, updated_at = now()`);
}

export async function deleteGatewaySession(
  db: Queryable,
  shardId: number,
  shardCount: number,
): Promise<void> {
  await db.query(sql`
    delete from gateway_sessions where shard_id = ${shardId} and shard_count = ${shardCount}`);
}

/** Whether Discord accepted these intents for a session that was alive within the last `withinSecs`. */
export async function hasAcceptedIntents(
  db: Queryable,
  intents: number,
  withinSecs: number,
): Promise<boolean> {
  const rows = await db.query(sql`
    select from gateway_sessions
    where intents & ${intents} = ${intents} and updated_at > now() - make_interval(secs => ${withinSecs})
    limit 1`);
  return rows.length > 0;
}
