import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument, so that tests can replace it. `sleep` rejects with an AbortError when the signal aborts. */
export type Clock = {
  /** Milliseconds since 1970. May jump; never used to measure a duration. */
  now(): number;
  /** Milliseconds that only go forward, for durations and deadlines. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    await delay(ms, undefined, signal ? { signal } : {});
  },
};
