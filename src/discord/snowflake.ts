/**
 * A Discord id: an unsigned 64-bit integer as a decimal string, 17 to 20 digits in practice.
 * Never a `number`, and never compared as text ("999" > "1000" as text).
 */
export type Snowflake = string & { readonly __snowflake: true };

/** Milliseconds since 1970 at which Discord's ids begin. */
const DISCORD_EPOCH_MS = 1_420_070_400_000n;
const MAX_SNOWFLAKE = 2n ** 63n - 2n; // PostgreSQL's bigint holds it and the end of its range; Discord reaches it in 2084
const MAX_DIGITS = String(MAX_SNOWFLAKE);

export function isSnowflake(value: unknown): value is Snowflake {
  if (typeof value !== 'string' || !/^[1-9]\d{0,18}$/.test(value)) return false;
  return value.length < MAX_DIGITS.length || value <= MAX_DIGITS; // of one length, digits compare as numbers do
}

/** Negative, zero or positive, as numbers; for `Array.sort`. */
export function compareSnowflakes(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** When the id was made, in milliseconds since 1970. */
export function snowflakeTime(id: string): number {
  return Number((BigInt(id) >> 22n) + DISCORD_EPOCH_MS);
}
