import { afterAll, beforeAll, expect, test } from 'vitest';
import { mergeChannelSettings } from '../../src/db/channel-settings.ts';
import { setChannelReading } from '../../src/db/channels.ts';
import { sql } from '../../src/db/database.ts';
import { type EnqueueResult, enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import { clearGuildDeparture, markGuildDeparted } from '../../src/db/guild-departures.ts';
import { mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { listRuns } from '../../src/db/list-scan-runs.ts';
import { cancelScanRun } from '../../src/db/move-scan-run.ts';
import { getScanRun } from '../../src/db/scan-runs.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { untilBlocked, whileHeld } from './blocked-statements.ts';
import { addChannel, addGuild, addRun, newId } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

function enqueue(channelId: string): Promise<EnqueueResult> {
  return enqueueScanRun(database.db, { channelId, requestedBy: 'person' });
}

async function reasonFor(channelId: string): Promise<string> {
  const result = await enqueue(channelId);
  return result.ok ? 'queued' : result.reason;
}

test('a run is queued with its bounds as they were asked, and who asked', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId, name: 'clips' });
  const result = await enqueueScanRun(db, {
    channelId,
    afterMessageId: '999',
    beforeMessageId: '1000',
    requestedBy: 'catch_up',
  });
  if (!result.ok) throw new Error(result.reason);
  expect(result.run).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    channelId,
    channelName: 'clips',
    guildId,
    afterMessageId: '999',
    beforeMessageId: '1000',
    status: 'queued',
    messagesScanned: 0n,
    messagesMatched: 0n,
    errorMessage: null,
    startedAt: null,
    finishedAt: null,
    createdAt: expect.any(Date),
    requestedBy: 'catch_up',
    workerId: null,
    pages: 0n,
    videosFound: 0n,
    indexFound: 0n,
    indexMissed: 0n,
    oldestMessageId: null,
    reachedAt: null,
    reason: null,
    parkedUntil: null,
    parkedReason: null,
    workingMs: 0n,
    plannedSpanMs: null,
    remainingSpanMs: null,
  });
  expect(await getScanRun(db, result.run.id)).toEqual(result.run);
});

test('unknown channels, and those of a guild that we were removed from, are refused', async () => {
  const { db } = database;
  expect(await reasonFor(newId())).toBe('channel_unknown');
  expect(await reasonFor("'; drop table users; --")).toBe('channel_unknown');
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  await markGuildDeparted(db, guildId);
  expect(await reasonFor(channelId)).toBe('channel_unknown');
  await clearGuildDeparture(db, guildId);
  expect(await reasonFor(channelId)).toBe('queued');
});

test('a channel that is not read is refused', async () => {
  const channelId = await addChannel(database.db, { isReading: false });
  expect(await reasonFor(channelId)).toBe('channel_not_reading');
});

test.each(['category', 'forum', 'media'] as const)('a %s holds no messages', async (type) => {
  expect(await reasonFor(await addChannel(database.db, { type }))).toBe('channel_holds_no_messages');
});

test.each(['text', 'voice', 'announcement', 'stage', 'public_thread', 'unknown_99'] as const)(
  'a %s can be scanned',
  async (type) => expect(await reasonFor(await addChannel(database.db, { type }))).toBe('queued'),
);

test('an age-restricted channel needs scan_nsfw, from its guild or of its own', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const byGuild = await addChannel(db, { guildId, isNsfw: true });
  expect(await reasonFor(byGuild)).toBe('channel_age_restricted');
  await mergeGuildSettings(db, guildId, { scan_nsfw: true });
  const against = await addChannel(db, { guildId, isNsfw: true });
  await mergeChannelSettings(db, against, { scan_nsfw: false });
  expect(await reasonFor(against)).toBe('channel_age_restricted');
  expect(await reasonFor(byGuild)).toBe('queued');

  const own = await addChannel(db, { isNsfw: true });
  await mergeChannelSettings(db, own, { scan_nsfw: true });
  expect(await reasonFor(own)).toBe('queued');
});

test('a thread is as age-restricted as its channel, and takes its settings', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const parentId = await addChannel(db, { guildId, isNsfw: true });
  const thread = await addChannel(db, { guildId, parentId, type: 'public_thread' });
  expect(await reasonFor(thread)).toBe('channel_age_restricted');
  await mergeChannelSettings(db, parentId, { scan_nsfw: true });
  expect(await reasonFor(thread)).toBe('queued');
});

test('an unfinished run is named; a finished one is in nobody’s way', async () => {
  const { db } = database;
  const channelId = await addChannel(db);
  const first = await addRun(db, channelId);
  expect(await enqueue(channelId)).toEqual({ ok: false, reason: 'run_unfinished', runId: first.id });
  await cancelScanRun(db, first.id);
  const second = await addRun(db, channelId);
  expect(second.id).not.toBe(first.id);
});

test('of many who ask at once exactly one gets a run, and the others get its id', async () => {
  const { db } = database;
  for (let round = 0; round < 10; round++) {
    const channelId = await addChannel(db);
    const results = await Promise.all(Array.from({ length: 8 }, () => enqueue(channelId)));
    const [winner, ...others] = results.filter((result) => result.ok);
    if (!winner) throw new Error('nobody got a run');
    expect(others).toEqual([]);
    const losers = results.filter((result) => !result.ok);
    expect(losers).toEqual(
      Array.from({ length: 7 }, () => ({ ok: false, reason: 'run_unfinished', runId: winner.run.id })),
    );
    expect(await listRuns(db, 'everything', { channelId, limit: 10 })).toHaveLength(1);
  }
});

test('who waits for another’s run that is then given up gets one', async () => {
  const { db } = database;
  const channelId = await addChannel(db);
  let waiting: Promise<EnqueueResult> | undefined;
  const givenUp = db.transaction(async (tx) => {
    await enqueueScanRun(tx, { channelId, requestedBy: 'person' });
    waiting = enqueue(channelId);
    await untilBlocked(db);
    throw new Error('given up');
  });
  await expect(givenUp).rejects.toThrow('given up');
  expect(await waiting).toMatchObject({ ok: true });
});

test('a channel whose reading ends while the question waits is refused', async () => {
  const { db } = database;
  const channelId = await addChannel(db);
  const result = await whileHeld(
    db,
    (tx) => setChannelReading(tx, channelId, false),
    () => enqueue(channelId),
  );
  expect(result).toEqual({ ok: false, reason: 'channel_not_reading' });
  expect(await db.query(sql`select from bot_channel_scan_runs where channel_id = ${channelId}`)).toEqual([]);
});
