/** Identifies a day; each shard of one `max_concurrency` slot one in five seconds. */
const STARTS_PER_DAY = 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_CONCURRENCY = 1;
const SLOT_MS = 5000;

export type StartLimit = {
  /** False when it comes too soon after another, or too often. */
  take(shardId: number): boolean;
  /** As `GET /gateway/bot` tells it. */
  describe(): { total: number; remaining: number; reset_after: number; max_concurrency: number };
};

export function createStartLimit(isEnabled: boolean, monotonic = () => performance.now()): StartLimit {
  const lastStart = new Map<number, number>();
  let dayEndsAt = monotonic() + DAY_MS;
  let used = 0;

  function today(): void {
    if (monotonic() < dayEndsAt) return;
    dayEndsAt = monotonic() + DAY_MS;
    used = 0;
  }

  return {
    take(shardId) {
      today();
      const now = monotonic();
      const slot = shardId % MAX_CONCURRENCY;
      const isTooSoon = now - (lastStart.get(slot) ?? Number.NEGATIVE_INFINITY) < SLOT_MS;
      if (isEnabled && (isTooSoon || used >= STARTS_PER_DAY)) return false;
      lastStart.set(slot, now);
      used += 1;
      return true;
    },
    describe() {
      today();
      return {
        total: STARTS_PER_DAY,
        remaining: Math.max(0, STARTS_PER_DAY - used),
        reset_after: Math.round(dayEndsAt - monotonic()),
        max_concurrency: MAX_CONCURRENCY,
      };
    },
  };
}
