import pg from 'pg';
import { ClipdexError } from '../../lib/errors.ts';

/**
 * How the processes on one embedded server know of each other: locks held by one connection each. A lock ends with its
 * connection, so a killed process leaves nothing behind.
 * - users lock: shared by everyone; whoever gets it alone is the last one, and newcomers wait until the server is gone.
 * - program lock: held by the one running program; commands do not take it.
 */
export type Presence = {
  /** True: nobody else uses the server, and nobody can come in until `end`. */
  becomeLast(): Promise<boolean>;
  end(): Promise<void>;
};

export type ServerUse = 'program' | 'command';

const USERS_LOCK = 7_025_118_842;
const PROGRAM_LOCK = 7_025_118_843;
const CONNECT_TIMEOUT_MS = 10_000;
const PROGRAM_LOCK_TIMEOUT_MS = 1_000; // the connection of a program killed just now ends within milliseconds

/** `onLost` is called when the connection ends without `end`: the server has stopped or crashed. */
export async function enterServer(url: string, use: ServerUse, onLost: () => void): Promise<Presence> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `clipdex ${use} ${process.pid}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  let isEnding = false;
  client.on('error', () => {}); // `end` follows
  const end = async () => {
    isEnding = true;
    await client.end().catch(() => {}); // the server may have closed it already
  };
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1)', [USERS_LOCK]);
    await assertNotStopping(url);
    if (use === 'program') await takeProgramLock(client);
  } catch (error) {
    await end();
    throw error;
  }
  client.once('end', () => {
    if (!isEnding) onLost();
  });
  return {
    async becomeLast() {
      isEnding = true;
      await client.query('select pg_advisory_unlock_shared($1)', [USERS_LOCK]);
      const { rows } = await client.query('select pg_try_advisory_lock($1) as is_last', [USERS_LOCK]);
      return rows[0].is_last;
    },
    end,
  };
}

/**
 * The users lock alone proves nothing yet: a server that is being stopped ends its connections one after the other, so that
 * of the last user may be gone, with its lock, before ours is. But from before it ends the first, the server refuses new
 * ones. One that is let in now proves that nobody has stopped it, and as we hold the lock nobody will.
 */
async function assertNotStopping(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {}); // `connect` reports what matters
  try {
    await client.connect();
  } finally {
    await client.end().catch(() => {}); // it may never have been open
  }
}

const LOCK_NOT_AVAILABLE = '55P03';

async function takeProgramLock(client: pg.Client): Promise<void> {
  await client.query(`set lock_timeout = ${PROGRAM_LOCK_TIMEOUT_MS}`);
  try {
    await client.query('select pg_advisory_lock($1)', [PROGRAM_LOCK]);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== LOCK_NOT_AVAILABLE) throw error;
    const pid = await findProgram(client);
    throw new ClipdexError(
      'data_dir_in_use',
      `Clipdex already runs on this data directory, as process ${pid ?? 'unknown'}. ` +
        'Stop that one first, or give this one a DATA_DIR, a PORT and a SANDBOX_PORT of its own.',
    );
  }
}

async function findProgram(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query(
    `select split_part(application_name, ' ', 3) as pid
     from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and granted and (classid::bigint << 32) + objid::bigint = $1`,
    [PROGRAM_LOCK],
  );
  return rows[0]?.pid;
}

/** Whether a server that went away while we came in explains the error, so that coming in again may succeed. */
export function isServerGone(error: unknown): boolean {
  if (error instanceof ClipdexError) return false;
  if (error instanceof pg.DatabaseError) return error.code?.startsWith('57') === true; // operator intervention
  return true; // the socket: refused, reset, or closed
}
