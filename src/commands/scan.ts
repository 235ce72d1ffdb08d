import type { Database } from '../db/database.ts';
import type { EnqueueResult } from '../db/enqueue-scan-run.ts';
import { hasLivingWorker } from '../db/job-queue.ts';
import { findRun } from '../db/runs-list.ts';
import { compareSnowflakes, type Snowflake } from '../discord/snowflake.ts';
import type { Run } from '../http/contract.ts';
import { toRun } from '../http/runs.ts';
import { enqueueScan } from '../jobs/enqueue-scan.ts';
import { ClipdexError } from '../lib/errors.ts';
import { followRun, isFinal } from './follow-run.ts';
import { formatCount } from './format.ts';
import { type Command, type CommandContext, type ExitCode, exitCodes } from './run-command.ts';
import { withDatabase } from './with-database.ts';

export type ScanOptions = { after?: Snowflake; before?: Snowflake; wait?: boolean };

export function scanChannel(channelId: Snowflake, options: ScanOptions): Command {
  return async (context) => {
    checkBounds(options);
    return withDatabase(context, async (db) => {
      const { output } = context;
      const runId = await enqueue(db, channelId, options);
      output.line(`Queued run ${runId}.`);
      if (!(await hasLivingWorker(db))) {
        output.notice('No program works the queue: the run begins when one is started (npm start).');
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

async function enqueue(db: Database, channelId: string, options: ScanOptions): Promise<string> {
  const request = { channelId, afterMessageId: options.after, beforeMessageId: options.before };
  const result = await db.transaction((tx) => enqueueScan(tx, { ...request, requestedBy: 'person' }));
  if (result.ok) return result.run.id;
  throw new ClipdexError(result.reason, refusalMessage(channelId, result));
}

function refusalMessage(channelId: string, refusal: EnqueueResult & { ok: false }): string {
  const channel = `channel ${channelId}`;
  switch (refusal.reason) {
    case 'channel_unknown':
      return `There is no ${channel} in the guilds of the bot. Check the id; a new channel is known once the program has seen it.`;
    case 'channel_holds_no_messages':
      return `The ${channel} holds no messages of its own, only other channels or threads. Scan one of those.`;
    case 'channel_age_restricted':
      return `The ${channel} is age-restricted, and its setting scan_nsfw is off, so it is not scanned.`;
    case 'channel_not_reading':
      return `Reading is switched off for ${channel}, so it is not scanned.`;
    case 'run_unfinished':
      return `A run of ${channel} is under way already: ${refusal.runId}. Wait until it has ended.`;
  }
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
    return `The run ${run.status === 'failed' ? 'has failed' : 'was canceled'}: ${counts}. ${run.errorMessage ?? ''}`.trimEnd();
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
