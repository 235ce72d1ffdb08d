import type { Database } from '../db/database.ts';
import { hasLivingWorker } from '../db/job-queue.ts';
import { compareSnowflakes, type Snowflake } from '../discord/snowflake.ts';
import type { Run } from '../http/contract.ts';
import { enqueueScan } from '../jobs/enqueue-scan.ts';
import { scanThreadsOf } from '../jobs/enqueue-thread-lists.ts';
import { ClipdexError } from '../lib/errors.ts';
import { type Command, type CommandContext, type ExitCode, exitCodes } from './run-command.ts';
import { refusalMessage, unfinishedMessage } from './scan-refusal.ts';
import { readRun, tellRun, warnWithoutWorker } from './wait-for-run.ts';
import { withDatabase } from './with-database.ts';

export type ScanOptions = { after?: Snowflake; before?: Snowflake; wait?: boolean };

export function scanChannel(channelId: Snowflake, options: ScanOptions): Command {
  checkBounds(options);
  return (context) =>
    withDatabase(context, async (db) => {
      const { output } = context;
      const queued = await enqueueOrJoin(db, channelId, options);
      if (queued === 'threads') return tellThreads(db, channelId, options, context);
      const { runId, isNew } = queued;
      output.line(isNew ? `Queued run ${runId}.` : `The run ${runId} reads this channel already.`);
      return tellRun(db, runId, options, context);
    });
}

function checkBounds({ after, before }: ScanOptions): void {
  if (after === undefined || before === undefined || compareSnowflakes(after, before) < 0) return;
  throw new ClipdexError(
    'wrong_usage',
    `The id of --after (${after}) must be lower than that of --before (${before}): --after is the older end.`,
  );
}

/** Who waits is content with a run that does the same already. `threads`: a forum or media channel holds only these. */
async function enqueueOrJoin(
  db: Database,
  channelId: string,
  options: ScanOptions,
): Promise<{ runId: string; isNew: boolean } | 'threads'> {
  const request = { channelId, afterMessageId: options.after, beforeMessageId: options.before };
  const result = await db.transaction((tx) => enqueueScan(tx, { ...request, requestedBy: 'person' }));
  if (result.ok) return { runId: result.run.id, isNew: true };
  if (result.reason === 'channel_holds_no_messages') {
    const threads = await db.transaction((tx) => scanThreadsOf(tx, channelId));
    if (threads.ok) return 'threads';
    if (threads.reason === 'channel_not_reading' || threads.reason === 'channel_age_restricted') {
      throw new ClipdexError(threads.reason, refusalMessage(channelId, threads.reason));
    }
  }
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

async function tellThreads(
  db: Database,
  channelId: string,
  { wait }: ScanOptions,
  context: CommandContext,
): Promise<ExitCode> {
  context.output.json({ channelId, isListingThreads: true });
  context.output.line('The threads of this channel are being listed; each that has news gets a run.');
  context.output.line('"clipdex runs" shows them.');
  if (wait)
    context.output.notice(
      'They are not waited for: "clipdex scan --guild <id> --wait" waits for all of a guild.',
    );
  await warnWithoutWorker(db, context);
  return exitCodes.done;
}
