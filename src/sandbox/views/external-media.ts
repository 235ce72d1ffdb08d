/** What embeds and components show of other sites: `external://` and the path of Discord's copy of it. */
export const EXTERNAL_SCHEME = 'external://';

/** Replaces such addresses by those of the sandbox's media proxy. Values without any are returned as they are. */
export function resolveExternal<Value>(value: Value[], baseUrl: string): Value[] {
  if (value.length === 0) return value;
  const text = JSON.stringify(value);
  if (!text.includes(EXTERNAL_SCHEME)) return value;
  return JSON.parse(text.replaceAll(`"${EXTERNAL_SCHEME}`, `"${baseUrl}/external/`)) as Value[];
}
