import pg from 'pg';
import { ClipdexError, messageOf } from '../lib/errors.ts';

/**
 * SQLSTATE classes of statements that are wrong for what they carry or say: cardinality, data, constraints, invalid
 * statement, syntax and access rules. Repeating them changes nothing. Everything else is about the server's state.
 */
const lastingClasses = new Set(['21', '22', '23', '26', '42']);

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
    return lastingClasses.has(error.code?.slice(0, 2) ?? '') ? error : new DatabaseOutage(error);
  }
  const isFaultOfOurs = error instanceof TypeError || error instanceof RangeError;
  return isFaultOfOurs || error instanceof DatabaseOutage ? error : new DatabaseOutage(error);
}

/** SQLSTATE classes that speak of the values in a statement: cardinality, data, constraints. */
const valueClasses = new Set(['21', '22', '23']);

/** Whether it is the values, or our own code, that failed, so that nothing but leaving them out helps. */
export function isFaultOfValues(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return valueClasses.has(error.code?.slice(0, 2) ?? '');
  return !(error instanceof DatabaseOutage);
}
