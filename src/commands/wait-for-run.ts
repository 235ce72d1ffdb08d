import type { Database } from '../db/database.ts';
import { hasLivingWorker } from '../db/job-queue.ts';
import { findRun } from '../db/list-scan-runs.ts';
import type { Run } from '../http/contract.ts';
import { toRun } from '../http/runs.ts';
import { follow, isFinal, progressText, stopWaiting } from './follow-run.ts';
import { formatCount, formatReason } from './format.ts';
import { type CommandContext, type ExitCode, exitCodes } from './run-command.ts';
import { runNotFound } from './scan-refusal.ts';

/** What a command that queued a run, or found one that does the same, has to say: at once, or with its end. */
export async function tellRun(
  db: Database,
  runId: string,
  { wait }: { wait?: boolean },
  context: CommandContext,
): Promise<ExitCode> {
  await warnWithoutWorker(db, context);
  if (wait) return waitForRun(db, runId, context);
  context.output.json(await readRun(db, runId));
  return exitCodes.done;
}

export async function warnWithoutWorker(db: Database, { output }: CommandContext): Promise<void> {
  if (await hasLivingWorker(db)) return;
  output.notice('No program works the queue: it goes on when one is started (npm start).');
}

export async function readRun(db: Database, runId: string): Promise<Run> {
  const run = await findRun(db, 'everything', runId);
  if (run) return toRun(run);
  throw runNotFound(runId);
}

async function waitForRun(db: Database, runId: string, context: CommandContext): Promise<ExitCode> {
  const run = await follow(
    () => readRun(db, runId),
    isFinal,
    (now, progress) => progress.show(now.progress, progressText(now)),
    context,
  );
  if (!isFinal(run)) {
    return stopWaiting(context, `The run ${runId} goes on; "clipdex runs" tells how far it is.`);
  }
  context.output.json(run);
  context.output.line(summary(run));
  return run.status === 'succeeded' ? exitCodes.done : exitCodes.failed;
}

function summary(run: Run): string {
  const counts = `${formatCount(run.messagesScanned)} messages read, ${formatCount(run.videosFound)} videos found${indexReport(run)}`;
  if (run.status !== 'succeeded')
    return `The run ${run.status === 'failed' ? 'has failed' : 'was canceled'}: ${counts}. ${formatReason(run.errorMessage)}`.trimEnd();
  if (run.messagesScanned === '0')
    return 'The run has succeeded: there was nothing to read that is not known already.';
  return `The run has succeeded: ${counts}.`;
}

/** How Discord's search index and the walk compare, where both went over the channel. */
function indexReport({ indexFound, indexMissed }: Run): string {
  if (indexFound === '0' && indexMissed === '0') return '';
  return ` (${formatCount(indexFound)} of them told by the search index before, ${formatCount(indexMissed)} missed by it)`;
}
