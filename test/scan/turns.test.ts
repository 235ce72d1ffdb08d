import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { addJob } from '../../src/db/job-queue.ts';
import { changeGuildSettings } from '../../src/jobs/change-settings.ts';
import { enqueueScans } from '../../src/jobs/enqueue-scan.ts';
import { isOthersTurn } from '../../src/jobs/queue-scan-runs.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { TURN_MS, Turn } from '../../src/scan/turn.ts';

import { addChannel, addGuild } from '../db/sample-rows.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { IndexStage } from '../support/index-stage.ts';
import { aHistory, idAt } from '../support/other-discord-payloads.ts';
import { openStage } from '../support/other-discord-stage.ts';
import { startProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

async function queueGuild({ db }: TestDatabase, count: number, requestedBy: 'person' | 'auto' = 'auto') {
  const guildId = await addGuild(db);
  const channelIds: string[] = [];
  for (let made = 0; made < count; made += 1) channelIds.push(await addChannel(db, { guildId }));
  await db.transaction((tx) =>
    enqueueScans(
      tx,
      channelIds.map((channelId) => ({ channelId, requestedBy })),
    ),
  );
  return guildId;
}

/** Guilds in the order in which workers take their runs. */
async function lineOf({ db }: TestDatabase): Promise<string[]> {
  const rows = await db.query<{ guildId: string }>(sql`
    select channel.guild_id as "guildId"
    from graphile_worker.jobs
    join bot_channel_scan_runs run on jobs.key = 'scan_run:' || run.id
    join bot_channels channel on channel.channel_id = run.channel_id
    order by jobs.priority, jobs.run_at, jobs.id`);
  return rows.map((row) => row.guildId);
}

test('a guild with few channels does not wait for one with many, and a person for neither', async () => {
  await using database = await createTestDatabase();
  const many = await queueGuild(database, 20);
  const few = await queueGuild(database, 2);
  const asked = await queueGuild(database, 1, 'person');
  expect(await lineOf(database)).toEqual([asked, many, few, many, few, ...Array(18).fill(many)]);
});

test('a turn ends when its time is up and another guild waits, and goes on where nobody does', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  await queueGuild(database, 2);
  const [first] = await db.query<{ id: string }>(sql`
    select run.id from bot_channel_scan_runs run order by created_at, id limit 1`);
  await db.query(sql`
    update graphile_worker._private_jobs set locked_at = now(), locked_by = 'w'
    where key = ${`scan_run:${first?.id}`}`);
  let now = 0;
  const clock = { ...systemClock, monotonic: () => now };
  const turn = new Turn(clock, () => isOthersTurn(db, first?.id ?? ''));
  now = TURN_MS - 1;
  await queueGuild(database, 1);
  expect(await turn.isOver()).toBe(false);
  now = TURN_MS;
  expect(await turn.isOver()).toBe(true);
  await db.query(sql`delete from graphile_worker._private_jobs where priority = 20001 and locked_at is null`);
  now = 2 * TURN_MS;
  expect(await turn.isOver()).toBe(false); // the second channel of the same guild is no reason
});

test('a changed setting waits for no walk longer than its turn', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  const guildId = await queueGuild(database, 1, 'person');
  const [run] = await db.query<{ id: string }>(sql`select id from bot_channel_scan_runs`);
  await db.query(sql`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'w'`);
  expect(await isOthersTurn(db, run?.id ?? '')).toBe(false);
  await db.transaction((tx) => changeGuildSettings(tx, guildId, { video_formats: ['webm'] }));
  expect(await isOthersTurn(db, run?.id ?? '')).toBe(true);
});

test('a pass over the search index lets others go on too, and then goes on where it was', async () => {
  const stage = await IndexStage.open(smallWorld());
  const { db } = stage;
  try {
    await stage.addGuild(ids.guild);
    const passId = await stage.queuePass(ids.guild);
    await addJob(db, { task: 'scan_run', payload: {}, priority: 1, key: 'other' });
    let now = 0;
    const clock = { ...systemClock, monotonic: () => (now += TURN_MS) };
    const left = await stage.attempt(passId, { clock });
    expect(left).toMatchObject({ status: 'running', pages: 1n, parkedUntil: null });
    expect(
      await db.query(sql`select from graphile_worker.jobs where key = ${`index_guild:${passId}`}`),
    ).toHaveLength(1);
    await db.query(sql`delete from graphile_worker._private_jobs`);
    expect(await stage.attempt(passId, { clock })).toMatchObject({ status: 'succeeded', videosFound: 25n });
  } finally {
    await stage.close();
  }
});

test('a walk whose turn is over lets others go on, and then goes on where it was', async () => {
  await using stage = await openStage();
  const { db, discord } = stage;
  const room = idAt('2024-01-01T00:00:00Z');
  discord.addChannel(room, aHistory(room, 500));
  const jobs = () => db.query(sql`select from graphile_worker.jobs where key = 'other'`);
  let passedMs = 0;
  discord.hooks.beforePage = async (nth) => {
    if (nth === 2) {
      await addJob(db, { task: 'purge_deleted_messages', payload: {}, key: 'other' });
      passedMs = TURN_MS;
    }
    if (nth === 3) await waitFor(async () => (await jobs()).length === 0);
  };
  const clock = { ...systemClock, monotonic: () => performance.now() + passedMs };
  const program = await startProgram(stage.url, discord, { WORKER_CONCURRENCY: '1' }, { clock });
  try {
    await waitFor(() => discord.pages > 3);
    await stage.settled();
  } finally {
    await program.stop();
  }
  expect(await stage.libraryOf(room)).toEqual({ messageCount: 500, videoCount: 500, uncoveredIds: [] });
  expect(await stage.listRuns()).toMatchObject([{ status: 'succeeded', reason: 'start_reached' }]);
  expect(discord.pages).toBe(8); // six, one more for the proof of the end, and one for the turn
});
