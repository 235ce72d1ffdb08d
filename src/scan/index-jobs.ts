import { randomUUID } from 'node:crypto';
import { DatabaseOutage } from '../db/database-outage.ts';
import type { IndexPassReason } from '../db/index-pass-reasons.ts';
import type { IndexPass } from '../db/index-passes.ts';
import { finishIndexPass, parkIndexPass, startIndexPass } from '../db/move-index-pass.ts';
import { isJobWaiting } from '../db/scan-turns.ts';
import { DiscordError } from '../discord/discord-error.ts';
import { indexPriority, type JobHandlers } from '../jobs/jobs.ts';
import { queueIndexPass } from '../jobs/queue-index-pass.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { messageOf } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { type IndexTools, runIndexPass } from './index-pass.ts';
import { ScanFailure } from './reasons.ts';
import { waitAfter } from './scan-waits.ts';
import { Turn } from './turn.ts';

export type IndexPatience = {
  /** How long, in all, a pass waits for an index that Discord is still building. */
  indexingSecs: number;
  /** How long it waits for a search that is not answered; walks need no search. */
  outageSecs: number;
  /** The shortest wait, whatever Discord says: it may ask for none. */
  leastWaitSecs: number;
};

const defaultPatience: IndexPatience = { indexingSecs: 600, outageSecs: 3600, leastWaitSecs: 2 };
const MAX_WAIT_SECS = 60; // between two looks at an index in the making

type IndexJobTools = IndexTools & { log: Logger; clock?: Clock; patience?: Partial<IndexPatience> };

/** A wait after which the same job goes on; `isUnserved` counts against the pass's patience. */
type Wait = { delaySecs: number; isUnserved: boolean; documentsIndexed?: number };

const nextTurn: Wait = { delaySecs: 0, isUnserved: false };

/** Goes through a guild's search index as far as it goes, and says how it ended. */
export function indexGuildJob(tools: IndexJobTools): JobHandlers['index_guild'] {
  const { db, log } = tools;
  return async ({ passId }, { signal }) => {
    const workerId = randomUUID();
    const pass = await startIndexPass(db, passId, workerId);
    if (pass === null) return;
    try {
      await workPass(pass, workerId, tools, signal);
    } catch (error) {
      const wait = signal.aborted ? nextTurn : waitFor(error, pass, tools);
      if (wait !== null) return park(pass, workerId, wait, tools);
      if (error instanceof DatabaseOutage) throw error; // the queue tries again
      log.warn({ pass: pass.id, guild: pass.guildId, err: messageOf(error) }, 'index pass failed');
      await finish(pass, workerId, 'fail', failureOf(error), tools);
    }
  };
}

async function workPass(
  pass: IndexPass,
  workerId: string,
  tools: IndexJobTools,
  signal: AbortSignal,
): Promise<void> {
  const turn = new Turn(tools.clock ?? systemClock, () =>
    isJobWaiting(tools.db, indexPriority[pass.requestedBy]),
  );
  const result = await runIndexPass(pass, workerId, tools, turn, signal);
  tools.log.debug({ pass: pass.id, guild: pass.guildId, ...result }, 'index pass left');
  if (result.outcome === 'stopped') return;
  if (result.outcome === 'turn_over') return park(pass, workerId, nextTurn, tools);
  if (result.outcome === 'finished') {
    await finish(pass, workerId, 'succeed', result.reason, tools);
    return;
  }
  const { indexingSecs, leastWaitSecs } = patienceOf(tools);
  if (pass.waitedSecs >= indexingSecs) {
    await finish(pass, workerId, 'fail', 'index_unavailable', tools);
    return;
  }
  const { retryAfterMs, documentsIndexed } = result;
  const delaySecs = Math.min(Math.max(retryAfterMs / 1000, leastWaitSecs), MAX_WAIT_SECS);
  await park(pass, workerId, { delaySecs, isUnserved: true, documentsIndexed }, tools);
}

/** The pass stays as it is, and its job comes back later: at once when only this worker stops, or others are next. */
async function park(pass: IndexPass, workerId: string, wait: Wait, { db }: IndexJobTools): Promise<void> {
  await db.transaction(async (tx) => {
    if (await parkIndexPass(tx, pass.id, workerId, wait)) await queueIndexPass(tx, pass, wait.delaySecs);
  });
}

async function finish(
  pass: IndexPass,
  workerId: string,
  event: 'succeed' | 'fail',
  reason: IndexPassReason,
  { db }: IndexJobTools,
): Promise<void> {
  await db.transaction((tx) => finishIndexPass(tx, pass.id, workerId, { event, reason }));
}

/** Null when waiting does not help, or has not helped long enough. Waits grow with the time without an answer. */
function waitFor(error: unknown, pass: IndexPass, tools: IndexJobTools): Wait | null {
  const wait = waitAfter(error);
  if (wait === null) return null;
  if (wait.reason !== 'discord_unavailable') return { delaySecs: wait.firstSecs, isUnserved: false };
  if (pass.waitedSecs >= patienceOf(tools).outageSecs) return null;
  return { delaySecs: Math.min(wait.firstSecs + pass.waitedSecs, wait.maxSecs), isUnserved: true };
}

function patienceOf({ patience }: IndexJobTools): IndexPatience {
  return { ...defaultPatience, ...patience };
}

function failureOf(error: unknown): IndexPassReason {
  if (error instanceof ScanFailure) return error.reason === 'no_content_intent' ? error.reason : 'internal';
  if (!(error instanceof DiscordError)) return 'internal';
  switch (error.kind) {
    case 'forbidden':
      return 'missing_access';
    case 'not_found':
      return 'guild_gone';
    case 'bad_request': // a Discord that does not know the search, or not all of its filters
    case 'unavailable':
    case 'malformed':
      return 'index_unavailable';
    default:
      return 'internal';
  }
}
