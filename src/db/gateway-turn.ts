import { type Queryable, type Sql, sql } from './database.ts';
import { lockClasses, probeWhenSilent } from './held-locks.ts';

/** Whose gateway it is. */
export type GatewayBot = { apiUrl: string; botUserId: string };

/**
 * Makes it the turn of this connection unless another has it; it lasts as long as the connection, which PostgreSQL ends
 * within half a minute when its host vanishes. Whoever reconnects takes its turn again with the same `holder`.
 */
export async function takeGatewayTurn(
  connection: Queryable,
  bot: GatewayBot,
  holder: string,
): Promise<boolean> {
  await probeWhenSilent(connection);
  const [row] = await connection.query<{ isTaken: boolean }>(sql`
    select pg_try_advisory_lock(
      ${lockClasses.gateway}::integer, hashtext(${`${bot.apiUrl} ${bot.botUserId}`})
    ) as "isTaken"`);
  if (!row?.isTaken) return false;
  // It may be in the hand of our former connection, which is just ending, or of a transaction that looks for it.
  await connection.query(
    sql`select pg_advisory_lock(${lockClasses.gatewayHolder}::integer, hashtext(${holder}))`,
  );
  return true;
}

/**
 * True while the holder's connection stands: then its lock cannot be had. At the end of a transaction it tells that no
 * other process had the turn when any of its rows were written.
 */
export function hasGatewayTurn(holder: string): Sql {
  return sql`not pg_try_advisory_xact_lock_shared(${lockClasses.gatewayHolder}::integer, hashtext(${holder}))`;
}
