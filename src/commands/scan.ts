import type { Database } from '../db/database.ts';
import { hasLivingWorker } from '../db/job-queue.ts';
import { findRun } from '../db/runs-list.ts';
import { compareSnowflakes, type Snowflake } from '../discord/snowflake.ts';
import type { Run } from '../http/contract.ts';
import { toRun } from '../http/runs.ts';
import { enqueueScan } from '../jobs/enqueue-scan.ts';
import { ClipdexError } from '../lib/errors.ts';
import { followRun, isFinal } from './follow-run.ts';
import { formatCount, formatReason } from './format.ts';
import { type Command, type CommandContext, type ExitCode, exitCodes } from './run-command.ts';
import { refusalMessage, unfinishedMessage } from './scan-refusal.ts';
import { withDatabase } from './with-database.ts';

export type ScanOptions = { after?: Snowflake; before?: Snowflake; wait?: boolean };

export function scanChannel(channelId: Snowflake, options: ScanOptions): Command {
  return async (context) => {
    checkBounds(options);
    return withDatabase(context, async (db) => {
      const { output } = context;
      const { runId, isNew } = await enqueueOrJoin(db, channelId, options);
      output.line(isNew ? `Queued run ${runId}.` : `The run ${runId} reads this channel already.`);
      if (!(await hasLivingWorker(db))) {
        output.notice('No program works the queue: the run goes on when one is started (npm start).');
      }
      if (options.wait) return await waitForRun(db, runId, context);
      output.json(await readRun(db, runId));
      return exitCodes.done;
    });
  };
}

function checkBounds({ after, before }: ScanOptions): void {
  if (after === undefined || before === undefined || compareSnowflakes(after, before) < 0) return;
  throw new ClipdexError(
    'wrong_usage',
    `The id of --after (${after}) must be lower than that of --before (${before}): --after is the older end.`,
  );
}

/** Who waits is content with a run that does the same already. */
async function enqueueOrJoin(
  db: Database,
  channelId: string,
  options: ScanOptions,
): Promise<{ runId: string; isNew: boolean }> {
  const request = { channelId, afterMessageId: options.after, beforeMessageId: options.before };
  const result = await db.transaction((tx) => enqueueScan(tx, { ...request, requestedBy: 'person' }));
  if (result.ok) return { runId: result.run.id, isNew: true };
  if (result.reason !== 'run_unfinished') {
    throw new ClipdexError(result.reason, refusalMessage(channelId, result.reason));
  }
  const run = await readRun(db, result.runId);
  const isSameWork = hasBounds(run, options);
  if (options.wait && isSameWork) return { runId: run.id, isNew: false };
  const isWorked = await hasLivingWorker(db);
  throw new ClipdexError('run_unfinished', unfinishedMessage(run, { isSameWork, isWorked }));
}

function hasBounds(run: Run, { after, before }: ScanOptions): boolean {
  return run.afterMessageId === (after ?? null) && run.beforeMessageId === (before ?? null);
}

async function waitForRun(
  db: Database,
  runId: string,
  { signal, output }: CommandContext,
): Promise<ExitCode> {
  const run = await followRun(() => readRun(db, runId), output.progress(), signal);
  if (!isFinal(run)) {
    output.notice(`Stopped waiting. The run ${runId} goes on; "clipdex runs" tells how far it is.`);
    return output.isReaderGone ? exitCodes.done : exitCodes.interrupted;
  }
  output.json(run);
  output.line(summary(run));
  return run.status === 'succeeded' ? exitCodes.done : exitCodes.failed;
}

function summary(run: Run): string {
  const counts = `${formatCount(run.messagesScanned)} messages read, ${formatCount(run.videosFound)} videos found`;
  if (run.status !== 'succeeded')
    return `The run ${run.status === 'failed' ? 'has failed' : 'was canceled'}: ${counts}. ${formatReason(run.errorMessage)}`.trimEnd();
  if (run.messagesScanned === '0')
    return 'The run has succeeded: there was nothing to read that is not known already.';
  return `The run has succeeded: ${counts}.`;
}

async function readRun(db: Database, runId: string): Promise<Run> {
  const run = await findRun(db, runId);
  if (run) return toRun(run);
  throw new ClipdexError(
    'run_unknown',
    `The run ${runId} is not to be seen any more: its channel was deleted, became age-restricted, or its guild was left.`,
  );
}
