/** How much was done (0…1), and when. */
export type ProgressMark = { progress: number; atMs: number };

const MIN_WATCHED_MS = 3_000; // below, and with less done than this, a guess is noise
const MIN_DONE = 0.01;

/** How long the rest takes if all goes on as between the two marks; null while nobody could tell. */
export function etaSecs(first: ProgressMark, now: ProgressMark): number | null {
  const done = now.progress - first.progress;
  const watchedMs = now.atMs - first.atMs;
  if (watchedMs < MIN_WATCHED_MS || done < MIN_DONE) return null;
  return ((1 - now.progress) * watchedMs) / done / 1_000;
}
