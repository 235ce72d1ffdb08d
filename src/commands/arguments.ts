import { asRunId } from '../db/scan-runs.ts';
import { isSnowflake, type Snowflake } from '../discord/snowflake.ts';
import { ClipdexError } from '../lib/errors.ts';

/** Readers of what is typed after a command. Each is given how the help names its place, and says it on refusal. */

const MAX_DAYS = 36_500;
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

/** For an argument that is given several times; commander hands over what was read before. */
export function everySnowflakeFor(place: string): (text: string, before?: Snowflake[]) => Snowflake[] {
  const read = snowflakeFor(place);
  return (text, before = []) => [...before, read(text)];
}

export function runIdFor(place: string): (text: string) => string {
  return (text) => {
    const id = asRunId(text);
    if (id !== null) return id;
    throw refusal(place, text, 'the id of a run, as "clipdex runs" lists it');
  };
}

export function daysFor(place: string): (text: string) => number {
  return (text) => {
    const days = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (days <= MAX_DAYS) return days;
    throw refusal(place, text, `a whole number of days from 0 to ${MAX_DAYS}`);
  };
}

export function onOrOffFor(place: string): (text: string) => boolean {
  return (text) => {
    if (text === 'on' || text === 'off') return text === 'on';
    throw refusal(place, text, 'on or off');
  };
}

function refusal(place: string, text: string, allowed: string): ClipdexError {
  return new ClipdexError('wrong_usage', `${place} is ${JSON.stringify(text)}, but must be ${allowed}.`);
}
