import type { Database } from '../db/database.ts';
import { getIndexPass } from '../db/index-passes.ts';
import { findRun } from '../db/list-scan-runs.ts';
import { cancelIndexPass } from '../db/move-index-pass.ts';
import { toIndexPass } from '../http/index-passes.ts';
import { toRun } from '../http/runs.ts';
import { cancelScan } from '../jobs/cancel-scan.ts';
import { formatCount } from './format.ts';
import type { Output } from './output.ts';
import { type Command, exitCodes } from './run-command.ts';
import { runNotFound } from './scan-refusal.ts';
import { withDatabase } from './with-database.ts';

/** `runs cancel`: ends a run or an index pass that has not ended by itself. Ending one twice is no error. */
export function cancelRun(id: string): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      const isFound = (await endRun(db, id, context.output)) || (await cancelPass(db, id, context.output));
      if (!isFound) throw runNotFound(id);
      return exitCodes.done;
    });
}

/** False: no run has this id. */
async function endRun(db: Database, runId: string, output: Output): Promise<boolean> {
  const result = await db.transaction((tx) => cancelScan(tx, runId));
  const run = result.ok ? result.run : await findRun(db, 'everything', runId);
  if (!run) return false;
  output.json(toRun(run));
  if (!result.ok) {
    output.line(`The run ${runId} has ended already: it ${endOf[run.status]}.`);
    return true;
  }
  const read = formatCount(String(run.messagesScanned));
  output.line(
    `The run ${runId} is canceled. ${read === '0' ? 'It had read nothing new' : `The ${read} messages that it read stay read`};`,
  );
  output.line(`"clipdex scan --retry ${runId}" goes on from there.`);
  return true;
}

/** False: no index pass has this id. */
async function cancelPass(db: Database, passId: string, output: Output): Promise<boolean> {
  const isCanceled = await db.transaction((tx) => cancelIndexPass(tx, passId));
  const pass = await getIndexPass(db, passId);
  if (!pass) return false;
  output.json(toIndexPass(pass));
  output.line(
    isCanceled
      ? `The index pass ${passId} is canceled. The ${formatCount(String(pass.videosFound))} videos that it told of stay.`
      : `The index pass ${passId} has ended already: it ${endOf[pass.status]}.`,
  );
  return true;
}

const endOf: Record<string, string> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'was canceled',
};
