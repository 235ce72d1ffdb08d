import { Socket } from 'node:net';
import pg from 'pg';
import { backoffMs } from '../lib/backoff.ts';
import { systemClock } from '../lib/clock.ts';
import { ClipdexError, messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 15_000; // how late we notice a server that came up
const OLDEST_VERSION = 15; // the first with everything that the migrations use

/** Resolves when the server answers and suits us; throws at once what waiting cannot mend. */
export async function waitForServer(url: string, log: Logger, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    const socket = new Socket();
    const destroy = () => socket.destroy();
    signal.addEventListener('abort', destroy);
    const client = new pg.Client({
      connectionString: url,
      stream: () => socket,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    client.on('error', () => {}); // the query or connect that it breaks reports it
    try {
      await client.connect();
      await checkServer(client);
      return;
    } catch (error) {
      signal.throwIfAborted();
      const refusal = explainRefusal(error, client);
      if (refusal) throw refusal;
      const delayMs = backoffMs(attempt, FIRST_DELAY_MS, MAX_DELAY_MS);
      log.warn(
        { reason: messageOf(error), nextTryMs: delayMs },
        `the database server ${addressOf(client)} cannot be reached; waiting for it`,
      );
      await systemClock.sleep(delayMs, signal);
    } finally {
      signal.removeEventListener('abort', destroy);
      await client.end().catch(() => {}); // it may never have been open
      socket.destroy();
    }
  }
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<ServerFacts>(`
    select current_setting('server_version') as version,
           current_setting('server_version_num')::integer / 10000 as major,
           exists (select from pg_extension where extname = 'pgcrypto') as has_pgcrypto,
           exists (select from pg_available_extensions where name = 'pgcrypto') as can_install_pgcrypto,
           has_database_privilege(current_database(), 'create') as can_create`);
  const facts = rows[0];
  if (!facts) return;
  if (facts.major < OLDEST_VERSION) {
    throw new ClipdexError(
      'database_too_old',
      `The database server ${addressOf(client)} is PostgreSQL ${facts.version}; Clipdex needs ${OLDEST_VERSION} or newer.`,
    );
  }
  if (facts.has_pgcrypto) return;
  if (!facts.can_install_pgcrypto) {
    throw new ClipdexError(
      'database_extension_missing',
      `The database server ${addressOf(client)} lacks the extension pgcrypto. Install PostgreSQL's contrib package there.`,
    );
  }
  if (!facts.can_create) {
    throw new ClipdexError(
      'database_rights_missing',
      `The user ${client.user} may not create the extension pgcrypto in the database ${client.database}. ` +
        `Let an administrator run there: create extension pgcrypto; grant create on database "${client.database}" to "${client.user}";`,
    );
  }
}

type ServerFacts = {
  version: string;
  major: number;
  has_pgcrypto: boolean;
  can_install_pgcrypto: boolean;
  can_create: boolean;
};

/** Errors of the network and of servers that start, stop or are full pass; all others stay until someone acts. */
function explainRefusal(error: unknown, client: pg.Client): Error | undefined {
  if (error instanceof ClipdexError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined || transientCodes.has(code) || /^(08|53|57)...$/.test(code)) return undefined;
  const where = `The database server ${addressOf(client)}`;
  const [name, text] = refusals[code] ?? ['database_refused', 'refused the connection'];
  return new ClipdexError(
    name,
    `${where} ${text} (${messageOf(error)}). Check DATABASE_URL: user ${client.user}, database ${client.database}.`,
    { cause: error },
  );
}

/** By Node's error code. */
const transientCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'ENOENT'],
]);

/** By SQLSTATE. */
const refusals: Record<string, [name: string, text: string]> = {
  '28P01': ['database_login_refused', 'refused the password'],
  '28000': ['database_login_refused', 'refused the user'],
  '3D000': ['database_unknown', 'has no such database'],
  '42501': ['database_login_refused', 'refused the user'],
};

function addressOf(client: pg.Client): string {
  return `${client.host}:${client.port}`;
}
