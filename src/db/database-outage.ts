import pg from 'pg';
import { ClipdexError, messageOf } from '../lib/errors.ts';

/**
 * SQLSTATE classes that speak of the values in a statement: what a trigger makes of them, cardinality, data, constraints,
 * a view's check, a limit of size or depth, an exception that a function raises.
 */
const valueClasses = new Set(['09', '21', '22', '23', '27', '44', '54', 'P0']);

/**
 * Classes of statements that are wrong whenever they are sent: besides those, invalid statement, syntax and access
 * rules. Everything else is about the server's state.
 */
const lastingClasses = new Set([...valueClasses, '26', '42']);

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

/** SQLSTATEs of a statement that ended because of others under way at once; its transaction has left nothing behind. */
const disturbances = new Set(['40001', '40P01']); // serialization failure, deadlock

/** Whether the same transaction, made anew, is likely to pass. */
export function isDisturbed(error: unknown): boolean {
  if (!(error instanceof DatabaseOutage) || !(error.cause instanceof pg.DatabaseError)) return false;
  return disturbances.has(error.cause.code ?? '');
}

/** Whether it is the values, or our own code, that failed, so that nothing but leaving them out helps. */
export function isFaultOfValues(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return valueClasses.has(error.code?.slice(0, 2) ?? '');
  return !(error instanceof DatabaseOutage);
}
