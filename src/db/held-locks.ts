import { type Queryable, sql } from './database.ts';

/** First halves of the keys of advisory locks, any numbers of our own; the second is the hash of a name. */
export const lockClasses = {
  /** A pool of workers lives. */
  beacon: 1_129_074_000,
  /** A scheduled job runs. */
  job: 1_129_074_001,
  /** A process has the gateway of a bot … */
  gateway: 1_129_074_002,
  /** … and under this name it made up for itself. */
  gatewayHolder: 1_129_074_003,
} as const;

const IDLE_SECS = 10;
const INTERVAL_SECS = 5;
const COUNT = 3;

/**
 * For a connection that holds a lock as long as it stands. A host that vanished sends no goodbye: PostgreSQL probes the
 * silent connection and ends it within half a minute. (Over a local socket, where none can vanish, it ignores that.)
 */
export async function probeWhenSilent(connection: Queryable): Promise<void> {
  await connection.query(sql`
    select set_config('tcp_keepalives_idle', ${String(IDLE_SECS)}, false),
      set_config('tcp_keepalives_interval', ${String(INTERVAL_SECS)}, false),
      set_config('tcp_keepalives_count', ${String(COUNT)}, false)`);
}
