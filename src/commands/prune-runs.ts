import { pruneScanRuns } from '../jobs/prune-runs.ts';
import { formatCount } from './format.ts';
import { type Command, exitCodes } from './run-command.ts';
import { withDatabase } from './with-database.ts';

export type PruneOptions = { olderThan: number };

/** `runs prune`: forgets runs that ended long ago. What they read stays. */
export function pruneRuns({ olderThan }: PruneOptions): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      const deleted = await pruneScanRuns(db, olderThan, context.signal);
      context.output.json({ deleted });
      context.output.line(
        deleted === 0
          ? `No run ended more than ${olderThan} days ago, the newest of each channel aside.`
          : `${formatCount(deleted)} runs deleted. What they have read stays read; the newest run of each channel is kept.`,
      );
      return context.signal.aborted ? exitCodes.interrupted : exitCodes.done;
    });
}
