import { type RetryResult, retryScanRun } from '../jobs/retry-scan.ts';
import { ClipdexError } from '../lib/errors.ts';
import type { Command } from './run-command.ts';
import { refusalMessage, runNotFound } from './scan-refusal.ts';
import { tellRun } from './wait-for-run.ts';
import { withDatabase } from './with-database.ts';

/** `scan --retry`: a new run for what one that failed or was canceled did not finish. */
export function retryScan(runId: string, options: { wait?: boolean }): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      const result = await db.transaction((tx) => retryScanRun(tx, runId));
      if (!result.ok) throw refusalOf(runId, result);
      context.output.line(`Queued run ${result.run.id}, which goes on where ${runId} stopped.`);
      return tellRun(db, result.run.id, options, context);
    });
}

function refusalOf(runId: string, result: RetryResult & { ok: false }): ClipdexError {
  switch (result.reason) {
    case 'run_unknown':
      return runNotFound(runId);
    case 'run_not_retryable':
      return new ClipdexError(
        result.reason,
        result.status === 'succeeded'
          ? `The run ${runId} has succeeded: nothing of it is left to read.`
          : `The run ${runId} has not ended yet; it is ${result.status}.`,
      );
    case 'run_unfinished':
      return new ClipdexError(
        result.reason,
        `Another run of the same channel, ${result.runId}, has not ended yet. Ask again when it has.`,
      );
    default:
      return new ClipdexError(result.reason, refusalMessage(result.channelId, result.reason));
  }
}
