import { type Clock, systemClock } from '../../src/lib/clock.ts';

/** A clock by which a second passes in a `factor`th of one: waits and deadlines of a program are as much shorter. */
export function fastClock(factor: number): Clock {
  return {
    now: systemClock.now,
    monotonic: () => systemClock.monotonic() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}

/** The system's, until somebody sets it: of a jump only the time of day knows, and what passes passes for durations too. */
export function jumpingClock(): Clock & { jump(byMs: number): void; pass(ms: number): void } {
  let jumpedMs = 0;
  let passedMs = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + jumpedMs + passedMs,
    monotonic: () => systemClock.monotonic() + passedMs,
    jump(byMs) {
      jumpedMs += byMs;
    },
    pass(ms) {
      passedMs += ms;
    },
  };
}
