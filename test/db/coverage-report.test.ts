import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCoverageReport, listCoverage } from '../../src/db/coverage-report.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { failScanRun, startScanRun, succeedScanRun } from '../../src/db/move-scan-run.ts';
import { reasonMessage } from '../../src/db/scan-run-reasons.ts';
import { idAt as snowflakeAt } from '../../src/sandbox/ids.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addChannel, addGuild, addRun } from './sample-rows.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

const at = (day: string): string => snowflakeAt(Date.parse(`${day}T00:00:00Z`));
const dayOf = (time: Date | null | undefined) => time?.toISOString().slice(0, 10);

/** A channel whose newest message is known to be of that day, covered as given. */
async function coveredChannel(newest: string | null, scanned: string, guildId?: string): Promise<string> {
  const newestMessageId = newest === null ? null : at(newest);
  const channelId = await addChannel(db, { newestMessageId, ...(guildId ? { guildId } : {}) });
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned) values (${channelId}, ${scanned}::int8multirange)`);
  return channelId;
}

test('a channel is complete when everything up to the newest message that is known is covered', async () => {
  const above = BigInt(at('2026-01-01')) + 1n;
  const channelId = await coveredChannel('2026-01-01', `{[1,${above})}`);
  const report = await getCoverageReport(db, 'everything', channelId, 10);
  expect(report).toMatchObject({ state: 'complete', gapFreeSince: null, holeCount: 0, holes: [] });
  expect(dayOf(report?.coveredTo)).toBe('2026-01-01');

  await db.query(sql`
    update channel_access set newest_message_id = ${at('2026-01-02')}::bigint where channel_id = ${channelId}`);
  expect(await getCoverageReport(db, 'everything', channelId, 10)).toMatchObject({
    state: 'partial',
    holeCount: 1,
  });
});

test('holes are told newest first, with their dates and the ids that a scan takes', async () => {
  const newest = BigInt(at('2026-01-01')) + 1n;
  const scanned = `{[${at('2023-01-01')},${at('2023-06-01')}),[${at('2024-01-01')},${newest})}`;
  const channelId = await coveredChannel('2026-01-01', scanned);
  const report = await getCoverageReport(db, 'everything', channelId, 10);
  expect(report).toMatchObject({ state: 'partial', holeCount: 2 });
  expect(dayOf(report?.gapFreeSince)).toBe('2024-01-01');
  expect(report?.holes.map(({ from, to }) => [dayOf(from), dayOf(to)])).toEqual([
    ['2023-06-01', '2024-01-01'],
    [undefined, '2023-01-01'],
  ]);
  expect(report?.holes[1]).toMatchObject({ afterMessageId: null, beforeMessageId: at('2023-01-01') });
  expect(report?.holes[0]?.afterMessageId).toBe(String(BigInt(at('2023-06-01')) - 1n));
  expect((await getCoverageReport(db, 'everything', channelId, 1))?.holes).toHaveLength(1);
});

test('a channel that nobody looked into is unread, one without a message is complete when a run has looked', async () => {
  expect(
    await getCoverageReport(db, 'everything', await coveredChannel('2026-01-01', '{}'), 10),
  ).toMatchObject({
    state: 'unread',
    holeCount: 1,
  });
  const empty = await coveredChannel(null, '{}');
  expect(await getCoverageReport(db, 'everything', empty, 10)).toMatchObject({
    state: 'unread',
    coveredTo: null,
  });
  const run = await addRun(db, empty);
  await startScanRun(db, run.id, 'w');
  await succeedScanRun(db, run.id, 'w', 'start_reached');
  expect(await getCoverageReport(db, 'everything', empty, 10)).toMatchObject({
    state: 'complete',
    holeCount: 0,
  });
});

test('while live messages are on their way, a channel is judged up to a few seconds ago', async () => {
  const newest = at('2026-01-01');
  const settled = BigInt(newest) - (4_000n << 22n);
  const channelId = await coveredChannel('2026-01-01', `{[1,${settled}),[${newest},${BigInt(newest) + 1n})}`);
  expect(await getCoverageReport(db, 'everything', channelId, 10)).toMatchObject({ state: 'partial' });
  await db.query(sql`
    insert into live_coverage (channel_id, session_id, first_message_id, newest_message_id, is_settled)
    values (${channelId}, 's', 1, ${newest}::bigint, false)`);
  expect(await getCoverageReport(db, 'everything', channelId, 10)).toMatchObject({
    state: 'complete',
    holeCount: 0,
  });
});

test('a channel is followed while it is read and the session of its guild lives', async () => {
  const channelId = await coveredChannel('2026-01-01', '{}');
  const isFollowed = async () => (await getCoverageReport(db, 'everything', channelId, 1))?.isFollowed;
  expect(await isFollowed()).toBe(false);
  await db.query(sql`
    insert into gateway_sessions
      (api_url, bot_user_id, shard_id, shard_count, session_id, resume_url, sequence, intents)
    values ('u', '1', 0, 1, 's', 'r', 1, 0)`);
  expect(await isFollowed()).toBe(true);
  const run = await addRun(db, channelId);
  await failScanRun(db, run.id, reasonMessage('missing_access'));
  expect(await isFollowed()).toBe(false);
  await db.query(sql`delete from bot_channel_scan_runs where id = ${run.id}`);
  await db.query(sql`update gateway_sessions set updated_at = now() - interval '1 hour'`);
  expect(await isFollowed()).toBe(false);
  await db.query(sql`update gateway_sessions set updated_at = now()`);
  await db.query(sql`update bot_channels set is_reading = false where channel_id = ${channelId}`);
  expect(await isFollowed()).toBe(false);
});

test('messages and videos are told by their year, what was counted before years were as of no year', async () => {
  const channelId = await coveredChannel('2026-01-01', '{}');
  await db.query(sql`
    insert into channel_years (channel_id, year, message_count) values
      (${channelId}, 0, 9), (${channelId}, 2024, 20), (${channelId}, 2025, 30)`);
  await db.query(sql`
    insert into videos (message_id, id, channel_id, guild_id, posted_at, filename, source, url, found_by, is_video)
    select m.id::bigint, m.id, c.channel_id, c.guild_id, now(), 'a.mp4', 'attachment', 'u', 'index', m.is_video
    from bot_channels c,
      (values (${at('2025-05-01')}, true), (${at('2025-06-01')}, false), (${at('2026-01-01')}, true)) m (id, is_video)
    where c.channel_id = ${channelId}`);
  expect((await getCoverageReport(db, 'everything', channelId, 1))?.years).toEqual([
    { year: 2026, messageCount: 0n, videoCount: 1 },
    { year: 2025, messageCount: 30n, videoCount: 1 },
    { year: 2024, messageCount: 20n, videoCount: 0 },
    { year: null, messageCount: 9n, videoCount: 0 },
  ]);
});

test('a guild is told by its channels that hold messages and may be shown', async () => {
  const guildId = await addGuild(db);
  const above = BigInt(at('2026-01-01')) + 1n;
  const read = await coveredChannel('2026-01-01', `{[1,${above})}`, guildId);
  const unread = await coveredChannel('2026-01-01', '{}', guildId);
  await addChannel(db, { guildId, type: 'category' });
  const hidden = await addChannel(db, { guildId, isNsfw: true });
  const listed = await listCoverage(db, 'everything', guildId, 10);
  expect(listed.map(({ channelId, state }) => [channelId, state])).toEqual([
    [read, 'complete'],
    [unread, 'unread'],
  ]);
  expect(await getCoverageReport(db, 'everything', hidden, 1)).toBeNull();
});
