import { type Queryable, sql } from './database.ts';
import { DatabaseOutage } from './database-outage.ts';
import { type GatewayBot, hasGatewayTurn } from './gateway-turn.ts';

/** Whose session it is. */
export type GatewayShard = GatewayBot & { shardId: number };

/** What RESUME needs. `sequence` counts the events that are committed. */
export type GatewaySession = GatewayShard & {
  shardCount: number;
  sessionId: string;
  resumeUrl: string;
  sequence: number;
  /** Who may save it, where processes take turns: see gateway-turn.ts. */
  holder?: string;
};

/** Null: none was saved, or one with other intents, which cannot be resumed. */
export async function getGatewaySession(
  db: Queryable,
  shard: GatewayShard,
  intents: number,
): Promise<GatewaySession | null> {
  const [row] = await db.query<Omit<GatewaySession, 'sequence'> & { sequence: string }>(sql`
    select shard_count as "shardCount", session_id as "sessionId", resume_url as "resumeUrl", sequence
    from gateway_sessions
    where api_url = ${shard.apiUrl} and bot_user_id = ${shard.botUserId}
      and shard_id = ${shard.shardId} and intents = ${intents}
    order by updated_at desc
    limit 1`);
  return row ? { ...shard, ...row, sequence: Number(row.sequence) } : null;
}

/**
 * Call it at the end of the transaction that wrote the events up to `session.sequence`. `intents` were accepted by Discord.
 * @throws DatabaseOutage when the connection that proves the turn of `session.holder` is gone: another process may have
 * written newer events meanwhile.
 */
export async function saveGatewaySession(
  db: Queryable,
  session: GatewaySession,
  intents: number,
): Promise<void> {
  const { holder } = session;
  const saved = await db.query(sql`
    with former as ( -- of a bot that had other shards nothing can be resumed
      delete from gateway_sessions
      where api_url = ${session.apiUrl} and bot_user_id = ${session.botUserId}
        and shard_count <> ${session.shardCount}::integer
        and ${holder === undefined ? sql`true` : hasGatewayTurn(holder)}
    )
    insert into gateway_sessions (
      api_url, bot_user_id, shard_id, shard_count, session_id, resume_url, sequence, intents
    )
    select ${session.apiUrl}, ${session.botUserId}, ${session.shardId}::integer, ${session.shardCount}::integer,
      ${session.sessionId}, ${session.resumeUrl}, ${session.sequence}::bigint, ${intents}::integer
    where ${holder === undefined ? sql`true` : hasGatewayTurn(holder)}
    on conflict (api_url, bot_user_id, shard_id, shard_count) do update set
      accepted_at = case when gateway_sessions.session_id = excluded.session_id
        then gateway_sessions.accepted_at else now() end,
      session_id = excluded.session_id, resume_url = excluded.resume_url, sequence = excluded.sequence,
      intents = excluded.intents, updated_at = now()
    returning shard_id`);
  if (saved.length === 0) {
    throw new DatabaseOutage(new Error('the connection is gone that proves that we have the gateway'));
  }
}

/** Notes that the bot's sessions live although nothing happens in them. */
export async function touchGatewaySessions(
  db: Queryable,
  bot: GatewayBot,
  shardIds: readonly number[],
): Promise<void> {
  await db.query(sql`
    update gateway_sessions set updated_at = now()
    where api_url = ${bot.apiUrl} and bot_user_id = ${bot.botUserId} and shard_id = any(${shardIds}::integer[])`);
}

/** Whether this Discord accepted these intents from the bot, for a session alive within the last `withinSecs`. */
export async function hasAcceptedIntents(
  db: Queryable,
  bot: GatewayBot,
  intents: number,
  withinSecs: number,
): Promise<boolean> {
  const rows = await db.query(sql`
    select from gateway_sessions
    where api_url = ${bot.apiUrl} and bot_user_id = ${bot.botUserId}
      and intents & ${intents} = ${intents} and updated_at > now() - make_interval(secs => ${withinSecs})
    limit 1`);
  return rows.length > 0;
}
