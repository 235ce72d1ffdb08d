import { setTimeout as delay } from 'node:timers/promises';
import { type Database, sql } from '../../src/db/database.ts';

const DEADLINE_MS = 10_000;
const POLL_MS = 5;

/** Resolves once so many statements of this database wait for a lock. */
export async function untilBlocked(db: Database, count = 1): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const rows = await db.query(sql`
      select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    if (rows.length >= count) return;
    if (performance.now() > deadline)
      throw new Error(`${rows.length} of ${count} statements wait for a lock`);
    await delay(POLL_MS);
  }
}

/**
 * Has `second` wait for what `first` holds: `first` runs in a transaction that commits only when `second`, on a
 * connection of its own, waits for a lock. Answers what `second` answered.
 */
export async function whileHeld<Result>(
  db: Database,
  first: Parameters<Database['transaction']>[0],
  second: () => Promise<Result>,
): Promise<Result> {
  const waiting = await db.transaction(async (tx) => {
    await first(tx);
    const result = second();
    result.catch(() => {}); // its caller sees the failure below
    await untilBlocked(db);
    return { result };
  });
  return waiting.result;
}
