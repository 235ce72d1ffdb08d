/** How lively things are: nothing is there yet, scans move, or all is quiet. */
export type Pace = 'starting' | 'moving' | 'resting';

const intervalsMs: Record<Pace, number> = {
  starting: 1_000, // who has just started Clipdex waits for the first sign of life
  moving: 2_000, // numbers should be seen to grow
  resting: 10_000, // a live message appears within this
};

/** Of a server's time, a page that is open takes no more for a list than this. */
const MAX_SHARE = 1 / 4;
const MAX_INTERVAL_MS = 20_000; // also after an answer that took a computer's sleep

/**
 * How often lists ask again; the browser pauses it while the tab is hidden. `tookMs` is how long the last answer took:
 * who sees thousands of guilds waits longer for the next.
 */
export function pollIntervalMs(pace: Pace, tookMs = 0): number {
  return Math.max(intervalsMs[pace], Math.min(tookMs / MAX_SHARE, MAX_INTERVAL_MS));
}
