/** How lively things are: nothing is there yet, scans move, or all is quiet. */
export type Pace = 'starting' | 'moving' | 'resting';

const intervalsMs: Record<Pace, number> = {
  starting: 1_000, // who has just started Clipdex waits for the first sign of life
  moving: 2_000, // numbers should be seen to grow
  resting: 10_000, // a live message appears within this
};

/** How often lists ask again; the browser pauses it while the tab is hidden. */
export function pollIntervalMs(pace: Pace): number {
  return intervalsMs[pace];
}
