import type { Queryable } from '../db/database.ts';
import { addJobs } from '../db/job-queue.ts';
import { isJobWaiting, listPlacesInLine, type PlaceInLine } from '../db/scan-turns.ts';
import { type JobName, scanJobKey, scanPriority } from './jobs.ts';

const SCAN_RUN: JobName = 'scan_run';
const LAST_PLACE = 9_999; // priorities of one kind of request stay below those of the next

/**
 * Gives runs the jobs that walk them, in turns between guilds: the first run of each guild goes before the second of
 * any, so that a guild with a thousand channels does not keep one with three waiting.
 */
export async function queueScanRuns(tx: Queryable, runIds: readonly string[], delaySecs = 0): Promise<void> {
  const places = await listPlacesInLine(tx, runIds);
  await addJobs(
    tx,
    places.map((place) => ({
      task: SCAN_RUN,
      payload: { runId: place.runId },
      key: scanJobKey(place.runId),
      priority: priorityOf(place),
      delaySecs,
    })),
  );
}

/** Whether somebody else's turn comes before the next one of this run, which is at work. */
export async function isOthersTurn(db: Queryable, runId: string): Promise<boolean> {
  const [place] = await listPlacesInLine(db, [runId]);
  return place !== undefined && (await isJobWaiting(db, priorityOf(place)));
}

function priorityOf({ requestedBy, place }: PlaceInLine): number {
  return scanPriority[requestedBy] + Math.min(place, LAST_PLACE);
}
