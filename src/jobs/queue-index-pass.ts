import type { Queryable } from '../db/database.ts';
import type { IndexPass } from '../db/index-passes.ts';
import { addJob } from '../db/job-queue.ts';
import { indexJobKey, indexPriority, type JobName } from './jobs.ts';

const INDEX_GUILD: JobName = 'index_guild';

/** Gives a pass the job that goes on with it. */
export async function queueIndexPass(
  tx: Queryable,
  { id, requestedBy }: Pick<IndexPass, 'id' | 'requestedBy'>,
  delaySecs = 0,
): Promise<void> {
  await addJob(tx, {
    task: INDEX_GUILD,
    payload: { passId: id },
    key: indexJobKey(id),
    priority: indexPriority[requestedBy],
    delaySecs,
  });
}
