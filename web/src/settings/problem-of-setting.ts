import { problemAt, RequestError } from '../api/request-error.ts';
import { type TypedKey, typedSettings } from './setting-texts.ts';

/** What is wrong with a setting that was typed: the server's own words are of its names and of JSON. */
export function problemOfSetting(error: unknown, key: TypedKey): string | null {
  const isOfSettings = error instanceof RequestError && error.problem?.code === 'settings_invalid';
  return isOfSettings ? typedSettings[key] : problemAt(error, key);
}
