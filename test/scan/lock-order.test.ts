import { expect, test } from 'vitest';
import { setChannelsReading } from '../../src/db/channels.ts';
import type { Database, Transaction } from '../../src/db/database.ts';
import { commitScanPage } from '../../src/db/scan-pages.ts';
import { switchReading } from '../../src/jobs/switch-reading.ts';
import { addChannel, addGuild } from '../db/sample-rows.ts';
import { createTestDatabase } from '../support/database.ts';
import { beginWalk, type Walk } from '../support/page-commits.ts';

const CHANNELS = 20;
const ROUNDS = 5;

/** Makes transactions, and counts those that PostgreSQL ended for the sake of others. */
function countDisturbances(db: Database) {
  const counted = { disturbances: 0 };
  async function transact<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    let tries = 0;
    const result = await db.transaction((tx) => {
      tries += 1;
      return work(tx);
    });
    counted.disturbances += tries - 1;
    return result;
  }
  return { counted, transact };
}

test('a switch of reading and the pages of walks never wait for each other crosswise', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const guildId = await addGuild(db);
  const channelIds: string[] = [];
  for (let made = 0; made < CHANNELS; made += 1) channelIds.push(await addChannel(db, { guildId }));
  const { counted, transact } = countDisturbances(db);

  async function commitPages({ runId }: Walk): Promise<void> {
    for (let low = 1n; ; low += 1n) {
      const page = {
        runId,
        workerId: 'w1',
        covered: { low, high: low + 1n },
        isLast: false,
        messageIds: [String(low)],
      };
      const found = { ownFormats: null, videos: [], authors: [], skipped: [], newestAt: null };
      const pace = { workingMs: 1, plannedSpanMs: 1, remainingSpanMs: 1 };
      const outcome = await transact((tx) => commitScanPage(tx, { ...page, ...found, pace }));
      if (outcome === 'not_running') return;
    }
  }

  for (let round = 0; round < ROUNDS; round += 1) {
    const walks = await Promise.all(channelIds.map((channelId) => beginWalk(db, channelId)));
    const pages = walks.map(commitPages);
    const { canceledRunIds } = await transact((tx) => switchReading(tx, guildId, channelIds, false));
    expect(canceledRunIds).toHaveLength(CHANNELS);
    await Promise.all(pages);
    await transact((tx) => setChannelsReading(tx, guildId, channelIds, true));
  }
  expect(counted.disturbances).toBe(0);
});
