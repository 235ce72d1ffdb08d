const MOVING_MS = 2_000; // while runs move, numbers should be seen to grow
const RESTING_MS = 10_000; // a live message appears within this

/** How often lists ask again; the browser pauses it while the tab is hidden. */
export function pollIntervalMs(isMoving: boolean): number {
  return isMoving ? MOVING_MS : RESTING_MS;
}
