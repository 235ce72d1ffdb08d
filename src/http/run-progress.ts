/** How much of a run's wanted span of time lies behind it, 0…1; null before its first page. */
export function runProgress(run: {
  status: string;
  wanted_from: Date;
  wanted_to: Date;
  reached_at: Date | null;
}): number | null {
  if (run.status === 'succeeded') return 1;
  if (run.reached_at === null) return null;
  const span = run.wanted_to.getTime() - run.wanted_from.getTime();
  if (span <= 0) return 1;
  return Math.min(1, Math.max(0, (run.wanted_to.getTime() - run.reached_at.getTime()) / span));
}
