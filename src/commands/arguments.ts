import { isSnowflake, type Snowflake } from '../discord/snowflake.ts';
import { ClipdexError } from '../lib/errors.ts';

/** Readers of what is typed after a command. Each is given how the help names its place, and says it on refusal. */

const MAX_LIMIT = 10_000; // rows of one list; more belongs into a query of one's own

export function snowflakeFor(place: string): (text: string) => Snowflake {
  return (text) => {
    if (isSnowflake(text)) return text;
    throw refusal(
      place,
      text,
      'a Discord id: digits only, as "clipdex channels" or "Copy ID" in Discord gives it',
    );
  };
}

export function limitFor(place: string): (text: string) => number {
  return (text) => {
    const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (limit >= 1 && limit <= MAX_LIMIT) return limit;
    throw refusal(place, text, `a whole number from 1 to ${MAX_LIMIT}`);
  };
}

function refusal(place: string, text: string, allowed: string): ClipdexError {
  return new ClipdexError('wrong_usage', `${place} is ${JSON.stringify(text)}, but must be ${allowed}.`);
}
