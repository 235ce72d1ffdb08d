import type { Run } from '../http/contract.ts';
import { systemClock } from '../lib/clock.ts';
import { isAbortError } from '../lib/errors.ts';
import { formatCount } from './format.ts';
import type { ProgressLine } from './output.ts';

const POLL_MS = 300; // prompt to the eye, and 3 small reads a second

/** Shows how a run moves until it is final, or until the signal aborts: then the run is answered as it was last. */
export async function followRun(
  read: () => Promise<Run>,
  progress: ProgressLine,
  signal: AbortSignal,
  clock = systemClock,
): Promise<Run> {
  try {
    for (;;) {
      const run = await read();
      if (isFinal(run) || signal.aborted) return run;
      progress.show(run.progress, progressText(run));
      await clock.sleep(POLL_MS, signal).catch(ignoreAbort);
    }
  } finally {
    progress.clear();
  }
}

export function isFinal({ status }: Pick<Run, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

function progressText(run: Run): string {
  if (run.status === 'queued') return 'queued';
  const done = run.progress === null ? '' : `${Math.floor(run.progress * 100)} %, `;
  const back = run.reachedAt === null ? '' : `, back to ${run.reachedAt.slice(0, 10)}`;
  return `${done}${formatCount(run.messagesScanned)} messages, ${formatCount(run.videosFound)} videos${back}`;
}

function ignoreAbort(error: unknown): void {
  if (!isAbortError(error)) throw error;
}
