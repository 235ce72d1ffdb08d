import { systemClock } from '../lib/clock.ts';

/** `npm start` passes on the Ctrl-C that the terminal has sent us already: one interruption, told twice. */
const SAME_INTERRUPT_MS = 2_000;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Interrupt = {
  readonly signal: AbortSignal;
  abort(): void;
  /** Gives the signals back to the system. */
  stop(): void;
};

/**
 * The one abort signal that runs through the program. The first Ctrl-C asks it to finish; one that comes after
 * SAME_INTERRUPT_MS, when finishing takes too long for the person, ends the process as the system would.
 */
export function watchInterrupts(clock = systemClock): Interrupt {
  const controller = new AbortController();
  let firstAtMs: number | undefined;

  function onSignal(name: NodeJS.Signals): void {
    if (firstAtMs === undefined) {
      firstAtMs = clock.monotonic();
      controller.abort();
    } else if (clock.monotonic() - firstAtMs > SAME_INTERRUPT_MS) {
      stop();
      process.kill(process.pid, name);
    }
  }
  function stop(): void {
    for (const name of signals) process.off(name, onSignal);
  }

  for (const name of signals) process.on(name, onSignal);
  return { signal: controller.signal, abort: () => controller.abort(), stop };
}
