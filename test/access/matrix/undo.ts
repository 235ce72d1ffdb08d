import { sql } from '../../../src/db/database.ts';
import { isThread } from '../../../src/sandbox/channels.ts';
import { ownSettings } from './expected-settings.ts';
import type { Stage } from './stage.ts';

/*
 * What a change has left is taken back by the operator, so that each viewer meets the same world. The stage's facts are
 * those after the change.
 */

/**
 * Runs that a question has queued, and those that it has ended, are as if they had never been; the run that the stage left
 * waiting, or the one after it, waits on. Nobody works on runs meanwhile.
 */
export async function forgetRuns({ db, matrix, runsAtFirst }: Stage): Promise<void> {
  await db.query(sql`
    delete from bot_channel_scan_runs
    where id <> all (${[...runsAtFirst]}::uuid[])
      and (channel_id <> ${matrix.channels.waiting.channel.id} or status <> 'queued')`);
}

/** Channels are read again as they were at first: threads follow them, but those that somebody switched. */
export async function switchBack(stage: Stage): Promise<void> {
  for (const isForThreads of [false, true]) {
    const { readingAtFirst: before, facts } = stage;
    const switched = stage.oracle.places.filter(
      ({ entry: { channel } }) =>
        isThread(channel) === isForThreads && before.has(channel.id) !== facts.readingIds.has(channel.id),
    );
    for (const { entry } of switched) {
      const { id } = entry.channel;
      await stage.act(stage.viewer('operator'), 'PATCH', `/api/channels/${id}`, {
        isReading: before.has(id),
      });
    }
    if (switched.length > 0) await stage.refresh();
  }
  await forgetRuns(stage);
}

/** A channel has the settings that the stage gave it. */
export async function inheritAgain(stage: Stage, channelId: string): Promise<void> {
  const own = ownSettings(stage, stage.oracle.placeOf(channelId));
  await stage.act(stage.viewer('operator'), 'PUT', `/api/channels/${channelId}/settings`, own);
}
