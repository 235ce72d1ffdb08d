import type { ScanRun } from '../db/scan-runs.ts';

export type RunPace = {
  /** 0…1 of the time that the run was to read; null before its first page. */
  progress: number | null;
  /** While it walks; null before its first page. */
  messagesPerSecond: number | null;
  /** Until its end, if it goes on as before; null when that cannot be told, or the run has ended. */
  etaSecs: number | null;
};

type Measured = Pick<
  ScanRun,
  | 'status'
  | 'messagesScanned'
  | 'workingMs'
  | 'plannedSpanMs'
  | 'remainingSpanMs'
  | 'parkedReason'
  | 'parkedUntil'
>;

const MIN_WORKING_MS = 1_000; // below, a rate is noise

/**
 * How far a run is and how fast, from how much of the channel's time lies in holes: several holes, restarts and waits
 * make no difference. Wherever it waits for Discord without knowing how long, no end can be told.
 */
export function runPace(run: Measured, now: Date): RunPace {
  const planned = run.plannedSpanMs === null ? null : Number(run.plannedSpanMs);
  const remaining = Number(run.remainingSpanMs ?? 0n);
  const walked = planned === null ? 0 : planned - remaining;
  const workingMs = Number(run.workingMs);
  const isMeasured = workingMs >= MIN_WORKING_MS && walked > 0;
  return {
    progress: progressOf(run.status, planned, walked),
    messagesPerSecond: workingMs > 0 ? (Number(run.messagesScanned) * 1_000) / workingMs : null,
    etaSecs:
      run.status === 'running' && isMeasured ? waitSecs(run, now, (remaining * workingMs) / walked) : null,
  };
}

function progressOf(status: ScanRun['status'], planned: number | null, walked: number): number | null {
  if (status === 'succeeded') return 1;
  if (planned === null) return null;
  return planned === 0 ? 1 : Math.min(1, Math.max(0, walked / planned));
}

/** Only a wait that Discord asked for has an end that is known. */
function waitSecs({ parkedReason, parkedUntil }: Measured, now: Date, workMs: number): number | null {
  if (parkedUntil === null) return Math.round(workMs / 1_000);
  if (parkedReason !== 'rate_limited') return null;
  return Math.round((workMs + Math.max(0, parkedUntil.getTime() - now.getTime())) / 1_000);
}
