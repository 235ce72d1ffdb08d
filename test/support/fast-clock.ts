import { type Clock, systemClock } from '../../src/lib/clock.ts';

/** A clock by which a second passes in a `factor`th of one: waits and deadlines of a program are as much shorter. */
export function fastClock(factor: number): Clock {
  return {
    now: systemClock.now,
    monotonic: () => systemClock.monotonic() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}

/** The system's, until somebody sets it: time of day jumps, durations do not. */
export function jumpingClock(): Clock & { jump(byMs: number): void } {
  let offsetMs = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + offsetMs,
    jump(byMs) {
      offsetMs += byMs;
    },
  };
}
