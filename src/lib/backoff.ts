/** Delay before retry number `attempt` (1, 2, …): doubles from `firstMs` up to `maxMs`, spread over its upper half. */
export function backoffMs(attempt: number, firstMs: number, maxMs: number, random = Math.random): number {
  const full = Math.min(maxMs, firstMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
