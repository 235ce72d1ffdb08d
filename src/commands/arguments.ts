import { InvalidArgumentError } from 'commander';
import { isSnowflake, type Snowflake } from '../discord/snowflake.ts';

/** Readers of what is typed after a command; commander adds the option's name to what they refuse. */

const MAX_LIMIT = 10_000; // rows of one list; more belongs into a query of one's own

export function readSnowflake(text: string): Snowflake {
  if (!isSnowflake(text)) {
    throw new InvalidArgumentError('It must be a Discord id: digits only, as "Copy ID" in Discord gives it.');
  }
  return text;
}

export function readLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return limit;
}
