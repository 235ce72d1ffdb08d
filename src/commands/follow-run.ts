import type { Run } from '../http/contract.ts';
import { systemClock } from '../lib/clock.ts';
import { isAbortError } from '../lib/errors.ts';
import { formatCount, formatEta, formatParked, formatRate } from './format.ts';
import type { ProgressLine } from './output.ts';
import { type CommandContext, type ExitCode, endOfInterrupted } from './run-command.ts';

const POLL_MS = 300; // prompt to the eye, and 3 small reads a second

/** Reads and shows until it is over, or until the signal aborts: then what was read last is the answer. */
export async function follow<Item>(
  read: () => Promise<Item>,
  isOver: (item: Item) => boolean,
  show: (item: Item, progress: ProgressLine) => void,
  { output, signal }: CommandContext,
): Promise<Item> {
  const progress = output.progress();
  try {
    for (;;) {
      const item = await read();
      if (isOver(item) || signal.aborted) return item;
      show(item, progress);
      await systemClock.sleep(POLL_MS, signal).catch(ignoreAbort);
    }
  } finally {
    progress.clear();
  }
}

/** Ends a command that waited for what is not over. `whatGoesOn`: a sentence. */
export function stopWaiting({ output }: CommandContext, whatGoesOn: string): ExitCode {
  output.notice(`Stopped waiting. ${whatGoesOn}`);
  return endOfInterrupted(output);
}

export function isFinal({ status }: Pick<Run, 'status'>): boolean {
  return status !== 'queued' && status !== 'running';
}

/** "42 %, 1,200 messages, 31 videos, 95/s, back to 2024-01-02, about 4 min left". */
export function progressText(run: Run): string {
  if (run.status === 'queued') return 'queued';
  return [
    ...(run.progress === null ? [] : [`${Math.floor(run.progress * 100)} %`]),
    `${formatCount(run.messagesScanned)} messages`,
    `${formatCount(run.videosFound)} videos`,
    ...(run.messagesPerSecond === null || run.parked ? [] : [formatRate(run.messagesPerSecond)]),
    ...(run.reachedAt === null ? [] : [`back to ${run.reachedAt.slice(0, 10)}`]),
    ...(run.etaSecs === null ? [] : [`${formatEta(run.etaSecs)} left`]),
    ...(run.parked ? [formatParked(run.parked)] : []),
  ].join(', ');
}

function ignoreAbort(error: unknown): void {
  if (!isAbortError(error)) throw error;
}
