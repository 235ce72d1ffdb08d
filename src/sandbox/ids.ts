/** Milliseconds since 1970 at which Discord's ids begin. */
const DISCORD_EPOCH_MS = 1_420_070_400_000n;
/** An unsigned 64-bit integer in decimal; Discord refuses anything else as "not snowflake". */
const MAX_ID = 2n ** 64n - 1n;

export function isId(value: string): boolean {
  return /^(0|[1-9]\d{0,19})$/.test(value) && BigInt(value) <= MAX_ID;
}

/** Order of ids as numbers, for `Array.sort`. */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

export function idTimeMs(id: string): number {
  return Number((BigInt(id) >> 22n) + DISCORD_EPOCH_MS);
}

/** The first id of that time. */
export function idAt(timeMs: number): string {
  return String((BigInt(Math.trunc(timeMs)) - DISCORD_EPOCH_MS) << 22n);
}

/** The shard that a guild belongs to. */
export function shardOf(guildId: string, shardCount: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(shardCount));
}

/** Hands out ids of the present time, each greater than the one before and than `above`. */
export function createIdSource(now: () => number): (above?: string) => string {
  let last = 0n;
  return (above = '0') => {
    const timed = (BigInt(Math.trunc(now())) - DISCORD_EPOCH_MS) << 22n;
    const floor = last > BigInt(above) ? last : BigInt(above);
    last = timed > floor ? timed : floor + 1n;
    return String(last);
  };
}

/** Index of the first item whose id is not below `id`, in a list sorted by rising id. */
export function lowerBound(items: readonly { id: string }[], id: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item && compareIds(item.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
