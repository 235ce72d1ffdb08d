import type { Transaction } from '../db/database.ts';
import {
  enqueueIndexPassRow,
  type IndexPassRequest,
  type IndexPassResult,
  needsIndexPass,
} from '../db/index-passes.ts';
import { queueIndexPass } from './queue-index-pass.ts';

/** Queues a pass over a guild's search index with the job that will make it, or says why not. */
export async function enqueueIndexPass(tx: Transaction, request: IndexPassRequest): Promise<IndexPassResult> {
  const result = await enqueueIndexPassRow(tx, request);
  if (result.ok) await queueIndexPass(tx, result.pass);
  return result;
}

/**
 * The pass that goes before the first walks of a guild (`index_first`); they need not wait for its end, as the index
 * may take long to be built. Repeating it changes nothing.
 */
export async function enqueueFirstIndexPass(tx: Transaction, guildId: string): Promise<void> {
  if (await needsIndexPass(tx, guildId, 'first')) {
    await enqueueIndexPass(tx, { guildId, requestedBy: 'auto' });
  }
}

/** The pass that goes before the scan of a whole guild which a person asks for, where walks have left it work. */
export async function enqueueIndexPassBeforeScan(tx: Transaction, guildId: string): Promise<void> {
  if (await needsIndexPass(tx, guildId, 'any')) {
    await enqueueIndexPass(tx, { guildId, requestedBy: 'person' });
  }
}
