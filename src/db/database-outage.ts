import pg from 'pg';
import { ClipdexError, messageOf } from '../lib/errors.ts';

/** SQLSTATE classes that pass: connection, rollback (deadlock), resources, operator's intervention (shutdown). */
const passingClasses = new Set(['08', '40', '53', '57']);

/** The database could not be asked, or could not answer now. The same statement may well succeed later. */
export class DatabaseOutage extends ClipdexError {
  constructor(cause: unknown) {
    super('database_unreachable', `The database did not answer: ${messageOf(cause)}`, { cause });
    this.name = 'DatabaseOutage';
  }
}

/** Tells an outage from a wrong statement. What the driver throws without a SQLSTATE is about the connection. */
export function asDatabaseOutage(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    return passingClasses.has(error.code?.slice(0, 2) ?? '') ? new DatabaseOutage(error) : error;
  }
  const isFaultOfOurs = error instanceof TypeError || error instanceof RangeError;
  return isFaultOfOurs || error instanceof DatabaseOutage ? error : new DatabaseOutage(error);
}
