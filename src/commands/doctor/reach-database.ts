import type { Config } from '../../config.ts';
import { type OpenDatabase, openDatabase } from '../../db/open-database.ts';
import { checkDatabase } from '../../doctor/database-checks.ts';
import { type Finding, fail } from '../../doctor/finding.ts';
import { withDeadline } from '../../lib/deadline.ts';
import { ClipdexError, isTimeoutError } from '../../lib/errors.ts';
import { createLogger } from '../../lib/log.ts';

/** A server that is far away answers sooner; the doctor does not wait for one that is down. The built-in one it starts. */
const CONNECT_DEADLINE_MS = 5_000;

/** Opens the database, which may well be what is wrong, and examines it. */
export async function* reachDatabase(config: Config, signal: AbortSignal): AsyncGenerator<Finding> {
  let database: OpenDatabase;
  try {
    const options = { ...config, use: 'command' as const };
    const open = (inTime: AbortSignal) => openDatabase(options, createLogger('silent'), inTime);
    const isBuiltIn = config.databaseUrl === null;
    database = await (isBuiltIn ? open(signal) : withDeadline(CONNECT_DEADLINE_MS, signal, open));
  } catch (error) {
    signal.throwIfAborted();
    yield whyNotReached(error);
    return;
  }
  try {
    yield* checkDatabase(database);
  } finally {
    await database.close();
  }
}

function whyNotReached(error: unknown): Finding {
  if (error instanceof ClipdexError) return fail('database', error.message, null);
  if (!isTimeoutError(error)) throw error;
  return fail(
    'database',
    `The server of DATABASE_URL gave no answer within ${CONNECT_DEADLINE_MS / 1000} s.`,
    'Start it, or correct DATABASE_URL; check that this machine may connect to it.',
  );
}
