import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql, type Transaction } from '../../src/db/database.ts';
import { markGuildDeparted } from '../../src/db/guild-departures.ts';
import { enqueueScan, enqueueScans } from '../../src/jobs/enqueue-scan.ts';
import { addChannel, addGuild } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let testDatabase: TestDatabase;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
});
afterAll(() => testDatabase.close());

async function addReadChannels(guildId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i += 1) ids.push(await addChannel(db, { guildId }));
  return ids;
}

/** Unfinished runs of the channels, and the jobs that stand for them. */
async function queuedIn(channelIds: readonly string[]) {
  const [row] = await db.query(sql`
    select count(*)::int as runs, count(distinct run.channel_id)::int as channels, count(jobs.id)::int as jobs
    from bot_channel_scan_runs run
    left join graphile_worker.jobs on jobs.key = 'scan_run:' || run.id
    where run.channel_id = any(${channelIds}::text[]) and run.status = 'queued'`);
  return row;
}

test('many scans are queued with their jobs in a few statements, and asking again changes nothing', async () => {
  const ids = await addReadChannels(await addGuild(db), 1_200);
  const enqueueAll = (tx: Transaction) =>
    enqueueScans(
      tx,
      ids.map((channelId) => ({ channelId, requestedBy: 'auto' })),
    );
  let statements = 0;
  const results = await db.transaction((tx) =>
    enqueueAll({
      ...tx,
      query(statement) {
        statements += 1;
        return tx.query(statement);
      },
    }),
  );
  expect(results.filter((result) => result.ok)).toHaveLength(1_200);
  expect(statements).toBeLessThanOrEqual(9); // three for each 500
  const again = await db.transaction(enqueueAll);
  expect(again.every((result) => !result.ok && result.reason === 'run_unfinished')).toBe(true);
  expect(await queuedIn(ids)).toEqual({ runs: 1_200, channels: 1_200, jobs: 1_200 });
});

test('each channel is answered as if it were asked for alone', async () => {
  const guildId = await addGuild(db);
  const [read = '', busy = ''] = await addReadChannels(guildId, 2);
  const [left = ''] = await addReadChannels(await addGuild(db), 1);
  await db.transaction((tx) => enqueueScan(tx, { channelId: busy, requestedBy: 'person' }));
  await markGuildDeparted(db, (await guildOf(left)) ?? '');
  const off = await addChannel(db, { guildId, isReading: false });
  const category = await addChannel(db, { guildId, type: 'category' });
  const asked = [read, busy, left, off, category, '12345'];
  const results = await db.transaction((tx) =>
    enqueueScans(
      tx,
      asked.map((channelId) => ({ channelId, requestedBy: 'person', afterMessageId: '7' })),
    ),
  );
  const byChannel = Object.fromEntries(
    results.map((result) => [result.channelId, result.ok ? 'queued' : result.reason]),
  );
  expect(byChannel).toEqual({
    [read]: 'queued',
    [busy]: 'run_unfinished',
    [left]: 'channel_unknown',
    [off]: 'channel_not_reading',
    [category]: 'channel_holds_no_messages',
    12345: 'channel_unknown',
  });
  const bounds = await db.query(sql`
    select after_message_id, before_message_id from bot_channel_scan_runs where channel_id = ${read}`);
  expect(bounds).toEqual([{ after_message_id: '7', before_message_id: null }]);
});

test('two who ask for the same channels at once, in any order, queue each once', async () => {
  const ids = await addReadChannels(await addGuild(db), 600);
  const ask = (channelIds: readonly string[]) =>
    db.transaction((tx) =>
      enqueueScans(
        tx,
        channelIds.map((channelId) => ({ channelId, requestedBy: 'auto' })),
      ),
    );
  const answers = await Promise.all([ask(ids), ask(ids.toReversed()), ask(ids)]);
  expect(answers.flat().filter((result) => result.ok)).toHaveLength(600);
  expect(await queuedIn(ids)).toEqual({ runs: 600, channels: 600, jobs: 600 });
});

async function guildOf(channelId: string): Promise<string | undefined> {
  const [row] = await db.query<{ guild_id: string }>(sql`
    select guild_id from bot_channels where channel_id = ${channelId}`);
  return row?.guild_id;
}
