import { PermissionFlagsBits } from 'discord-api-types/v10';
import { describe, expect, test } from 'vitest';
import { getCoverage } from '../../src/db/coverage.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { clearGuildDeparture, markGuildDeparted } from '../../src/db/guild-departures.ts';
import { replaceGuildRoles } from '../../src/db/guild-roles.ts';
import { upsertMemberRoles } from '../../src/db/member-roles.ts';
import { cancelUnfinishedScanRuns, failScanRun } from '../../src/db/move-scan-run.ts';
import { followUp } from '../../src/ingest/auto-scan.ts';
import { cancelScan } from '../../src/jobs/cancel-scan.ts';
import { changeChannelSettings, changeGuildSettings } from '../../src/jobs/change-settings.ts';
import { enqueueMissed, enqueueScan } from '../../src/jobs/enqueue-scan.ts';
import { switchReading } from '../../src/jobs/switch-reading.ts';
import { planHoles, wantedRange } from '../../src/scan/scan-plan.ts';
import { addChannel, addGuild } from '../db/sample-rows.ts';
import { createTestDatabase } from '../support/database.ts';

const BOT = '77';
const HOLE = { low: 1_000n, high: 2_000n };

/** A channel that was read up to a hole, which a catch-up run is to read, and live from behind it on. */
async function openChannelWithHole() {
  const database = await createTestDatabase();
  const { db } = database;
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId, newestMessageId: '2500' });
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned) values (${channelId}, '{[1,1000),[2000,2600)}')`);
  await db.query(sql`
    insert into live_coverage (channel_id, session_id, first_message_id) values (${channelId}, 's1', 2000)`);
  await db.query(
    sql`insert into bot_channel_scan_runs (channel_id, status) values (${channelId}, 'succeeded')`,
  );
  await catchUp(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
  const close = () => database.close();
  return { db, guildId, channelId, [Symbol.asyncDispose]: close };
}

const catchUp = (db: Database, channelId: string) =>
  db.transaction((tx) => enqueueMissed(tx, { channelIds: [channelId] }));

async function cancelUnfinished(db: Database, channelId: string): Promise<void> {
  const [run] = await db.query<{ id: string }>(sql`
    select id from bot_channel_scan_runs where channel_id = ${channelId} and status in ('queued', 'running')`);
  const canceled = await db.transaction((tx) => cancelScan(tx, run?.id ?? ''));
  expect(canceled.ok).toBe(true);
}

/** What the unfinished run of a channel would walk, the open top left out. */
async function plannedHoles(db: Database, channelId: string) {
  const [run] = await db.query<{
    id: string;
    afterMessageId: string | null;
    beforeMessageId: string | null;
  }>(sql`
    select id, after_message_id as "afterMessageId", before_message_id as "beforeMessageId"
    from bot_channel_scan_runs where channel_id = ${channelId} and status in ('queued', 'running')`);
  if (!run) return [];
  return planHoles(wantedRange(run), await getCoverage(db, channelId)).filter((hole) => hole.low < 2_600n);
}

test('reading that is switched off and on again goes on with what a catch-up was to read', async () => {
  await using stage = await openChannelWithHole();
  const { db, guildId, channelId } = stage;
  await db.transaction((tx) => switchReading(tx, guildId, [channelId], false));
  expect(await plannedHoles(db, channelId)).toEqual([]);
  await db.transaction((tx) => switchReading(tx, guildId, [channelId], true));
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test('so does reading that age restriction stopped for a while', async () => {
  await using stage = await openChannelWithHole();
  const { db, guildId, channelId } = stage;
  await db.query(sql`update bot_channels set is_nsfw = true where channel_id = ${channelId}`);
  await db.transaction((tx) => changeChannelSettings(tx, channelId, { scan_nsfw: false }));
  expect(await plannedHoles(db, channelId)).toEqual([]);
  await db.transaction((tx) => changeChannelSettings(tx, channelId, { scan_nsfw: null }));
  await db.transaction((tx) => changeGuildSettings(tx, guildId, { scan_nsfw: true }));
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test('so does a bot that was removed from the guild and comes back in a new session', async () => {
  await using stage = await openChannelWithHole();
  const { db, guildId, channelId } = stage;
  await markGuildDeparted(db, guildId);
  await cancelUnfinishedScanRuns(db, [channelId], 'missing_access: the bot was removed from the guild');
  await db.query(sql`delete from live_coverage`);
  await catchUp(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([]);
  await clearGuildDeparture(db, guildId);
  await catchUp(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test('so does a catch-up without permission, once it is there, whatever sessions came in between', async () => {
  await using stage = await openChannelWithHole();
  const { db, channelId } = stage;
  const [run] = await db.query<{ id: string }>(
    sql`select id from bot_channel_scan_runs where status = 'queued'`,
  );
  await failScanRun(db, run?.id ?? '', 'no_history_permission: the bot cannot read it');
  await db.query(sql`update live_coverage set session_id = 's2', first_message_id = 2600`);
  await catchUp(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test('a first scan that ended with the reading begins anew with it', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  await db.transaction((tx) => enqueueScan(tx, { channelId, requestedBy: 'auto' }));
  await db.transaction((tx) => switchReading(tx, guildId, [channelId], false));
  const { queuedRunIds } = await db.transaction((tx) => switchReading(tx, guildId, [channelId], true));
  expect(queuedRunIds).toHaveLength(1);
});

test('a hole below messages that are covered up to where the live ones begin is read', async () => {
  await using stage = await openChannelWithHole();
  const { db, channelId } = stage;
  await db.query(sql`delete from bot_channel_scan_runs`);
  await db.query(sql`update live_coverage set first_message_id = 2300`);
  await catchUp(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test('a hole that came while another run was in the way is read, whatever session covered what is above it', async () => {
  await using stage = await openChannelWithHole();
  const { db, channelId } = stage;
  await db.query(sql`delete from bot_channel_scan_runs`);
  await db.query(sql`delete from live_coverage`);
  await catchUp(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test('a run that is canceled leaves nothing that was missed behind it; one that was canceled itself stays so', async () => {
  await using stage = await openChannelWithHole();
  const { db, channelId } = stage;
  await cancelUnfinished(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([]);
  await db.query(sql`update scan_coverage set scanned = '{[500,1000),[2000,2600)}'`);
  await db.transaction((tx) => enqueueScan(tx, { channelId, beforeMessageId: '500', requestedBy: 'person' }));
  await cancelUnfinished(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test.each([
  ['by a switch', 'channel_not_reading: reading is off'],
  ['by a missing permission', 'no_history_permission: the bot cannot read it'],
])('a catch-up that was once prevented %s can be canceled', async (_, reason) => {
  await using stage = await openChannelWithHole();
  const { db, channelId } = stage;
  await cancelUnfinishedScanRuns(db, [channelId], reason);
  await db.query(sql`delete from live_coverage`);
  await catchUp(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
  await cancelUnfinished(db, channelId);
  expect(await plannedHoles(db, channelId)).toEqual([]);
});

describe('a catch-up up to the newest message that is canceled while it reads', () => {
  /** It has read a page; live messages begin behind it, if they do. */
  async function openCanceled(liveFrom: string | null) {
    const stage = await openChannelWithHole();
    const { db, channelId } = stage;
    await db.query(sql`delete from live_coverage`);
    await db.query(sql`delete from bot_channel_scan_runs`);
    const request = { channelId, afterMessageId: '999', requestedBy: 'catch_up' as const };
    await db.transaction((tx) => enqueueScan(tx, request));
    await db.query(sql`update scan_run_walks set pages = 1, oldest_message_id = 2400`);
    await db.query(sql`update scan_coverage set scanned = '{[1,1000)}', walked = '[2400,2501)'`);
    if (liveFrom !== null) {
      await db.query(sql`
        insert into live_coverage (channel_id, session_id, first_message_id) values (${channelId}, 's2', ${liveFrom})`);
    }
    await cancelUnfinished(db, channelId);
    return stage;
  }

  test('is not asked for again', async () => {
    await using stage = await openCanceled(null);
    expect(await plannedHoles(stage.db, stage.channelId)).toEqual([]);
  });

  test('but what was missed above it meanwhile is', async () => {
    await using stage = await openCanceled('2550');
    expect(await plannedHoles(stage.db, stage.channelId)).toEqual([{ low: 2_501n, high: 2_550n }]);
  });

  test('nor is one that had read nothing yet, above which live messages go on', async () => {
    await using stage = await openChannelWithHole();
    const { db, channelId } = stage;
    await db.query(sql`delete from bot_channel_scan_runs`);
    const request = { channelId, afterMessageId: '999', requestedBy: 'catch_up' as const };
    await db.transaction((tx) => enqueueScan(tx, request));
    await cancelUnfinished(db, channelId);
    expect(await plannedHoles(db, channelId)).toEqual([]);
  });
});

test('what the bot may not read is not asked for at every event, but once it may', async () => {
  await using stage = await openChannelWithHole();
  const { db, guildId, channelId } = stage;
  const mayRead = async (permissions: bigint) => {
    const everyone = { id: guildId, name: '@everyone', permissions, position: 0 };
    await replaceGuildRoles(db, guildId, [everyone]);
    await db.transaction((tx) => followUp(tx, guildId, BOT));
  };
  await upsertMemberRoles(db, guildId, BOT, []);
  await db.query(
    sql`update bot_channel_scan_runs set status = 'failed', finished_at = now() where status = 'queued'`,
  );
  await mayRead(PermissionFlagsBits.ViewChannel);
  expect(await plannedHoles(db, channelId)).toEqual([]);
  await mayRead(PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory);
  expect(await plannedHoles(db, channelId)).toEqual([HOLE]);
});

test('what a person asked to be scanned is scanned once the bot may read it, whether or not scans begin by themselves', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  await addChannel(db, { guildId }); // that nobody asked for
  await db.transaction((tx) => changeGuildSettings(tx, guildId, { auto_scan: false }));
  await upsertMemberRoles(db, guildId, BOT, []);
  const asked = await db.transaction((tx) => enqueueScan(tx, { channelId, requestedBy: 'person' }));
  if (!asked.ok) expect.fail(asked.reason);
  await failScanRun(db, asked.run.id, 'no_history_permission: the bot cannot read it');
  const unfinished = async (permissions: bigint) => {
    const everyone = { id: guildId, name: '@everyone', permissions, position: 0 };
    await replaceGuildRoles(db, guildId, [everyone]);
    await db.transaction((tx) => followUp(tx, guildId, BOT));
    return db.query(sql`select channel_id from bot_channel_scan_runs where status = 'queued'`);
  };
  expect(await unfinished(PermissionFlagsBits.ViewChannel)).toEqual([]);
  const mayRead = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;
  expect(await unfinished(mayRead)).toEqual([{ channel_id: channelId }]);
});

test('what was read since is not asked for again', async () => {
  await using stage = await openChannelWithHole();
  const { db, channelId } = stage;
  await db.query(sql`delete from live_coverage`);
  await cancelUnfinishedScanRuns(db, [channelId], 'channel_not_reading: reading is off');
  await db.query(sql`update scan_coverage set scanned = '{[1,2600)}', walked = null`);
  expect(await catchUp(db, channelId)).toBe(0);
});
