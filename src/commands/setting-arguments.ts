import { settingKeys } from '../db/settings.ts';
import { ClipdexError } from '../lib/errors.ts';

/** `key=value` as typed: lists by commas or as JSON, true and false as such; what is wrong is told by the settings. */
export function parseAssignments(assignments: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    assignments.map((text) => {
      const place = text.indexOf('=');
      if (place < 1) {
        throw new ClipdexError('wrong_usage', `${JSON.stringify(text)} is no setting: write <key>=<value>.`);
      }
      const key = text.slice(0, place);
      return [key, parseValue(key, text.slice(place + 1))];
    }),
  );
}

/** Keys that are to inherit again. */
export function parseKeys(keys: readonly string[]): Record<string, null> {
  const unknown = keys.filter((key) => !settingKeys.some((known) => known === key));
  if (unknown.length > 0) {
    throw new ClipdexError(
      'wrong_usage',
      `${unknown.map((key) => JSON.stringify(key)).join(', ')}: no such setting; known are ${settingKeys.join(', ')}.`,
    );
  }
  return Object.fromEntries(keys.map((key) => [key, null]));
}

function parseValue(key: string, text: string): unknown {
  if (key === 'prefix') return text; // "5" and "true" are prefixes too
  if (text === 'true' || text === 'false') return text === 'true';
  if (key !== 'video_formats') return text;
  if (!text.startsWith('[')) return text.split(',');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
