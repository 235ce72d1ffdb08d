/** The last instant of the generated world. Fixed, so that a seed gives the same world on every day. */
export const WORLD_END_MS = Date.UTC(2026, 10, 1);

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** As Discord writes times: microseconds and an explicit offset. */
export function timestampOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, -1)}000+00:00`;
}
