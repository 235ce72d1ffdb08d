import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { listRuns } from '../../src/db/list-scan-runs.ts';
import { untilAborted } from '../../src/lib/run-together.ts';
import { runClipdex } from '../commands/run-clipdex.ts';
import { aHistory, idAt } from '../support/other-discord-payloads.ts';
import { openStage, type Stage } from '../support/other-discord-stage.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOM = idAt('2024-01-01T00:00:00Z');
const SECONDS_MS = 5_000; // "within seconds", of which a process that starts takes most

const clipdex = (stage: Stage, args: string[]) => runClipdex(args, { DATABASE_URL: stage.url });

async function jobsOf(stage: Stage): Promise<number> {
  const rows = await stage.db.query(sql`
    select from graphile_worker.jobs where task_identifier = 'scan_run' and locked_by is not null`);
  return rows.length;
}

/** A program whose walk has read one page and waits for the second, which comes only when the test lets it. */
async function openWaitingWalk(stage: Stage) {
  const answer = new AbortController();
  stage.discord.addChannel(ROOM, aHistory(ROOM, 500));
  stage.discord.hooks.beforePage = (nth) => (nth === 2 ? untilAborted(answer.signal) : undefined);
  await stage.start();
  await waitFor(() => stage.discord.pages === 2);
  return { answer: () => answer.abort() };
}

test('reading switched off in another process ends the wait of a walk, and nothing is written after', async () => {
  await using stage = await openStage();
  const walk = await openWaitingWalk(stage);
  try {
    expect(await clipdex(stage, ['channels', 'read', 'off', ROOM])).toMatchObject({ code: 0 });
    await waitFor(async () => (await jobsOf(stage)) === 0, SECONDS_MS);
    expect(await stage.listRuns()).toMatchObject([{ status: 'canceled', reason: 'channel_not_reading' }]);
    expect(await stage.libraryOf(ROOM)).toMatchObject({ messageCount: 100 });
  } finally {
    walk.answer();
  }
  stage.discord.post(ROOM, idAt('2025-01-01T00:00:00Z'));
  await waitFor(stage.isTold);
  expect(await stage.libraryOf(ROOM)).toMatchObject({ messageCount: 100, videoCount: 100 });
});

test('a canceled run ends its wait, tells its reason, and goes on where it stopped when it is tried again', async () => {
  await using stage = await openStage();
  const walk = await openWaitingWalk(stage);
  const [run] = await listRuns(stage.db, 'everything', { channelId: ROOM, limit: 1 });
  const canceled = await clipdex(stage, ['runs', 'cancel', run?.id ?? '', '--json']);
  expect(JSON.parse(canceled.stdout)).toMatchObject({ status: 'canceled', reason: 'canceled' });
  await waitFor(async () => (await jobsOf(stage)) === 0, SECONDS_MS);
  walk.answer();
  const retried = await clipdex(stage, ['scan', '--retry', run?.id ?? '', '--wait', '--json']);
  expect(JSON.parse(retried.stdout)).toMatchObject({
    status: 'succeeded',
    messagesScanned: '400',
    progress: 1,
  });
  expect(await stage.libraryOf(ROOM)).toEqual({ messageCount: 500, videoCount: 500, uncoveredIds: [] });
});

test('other video formats apply from the next page of a walk in another process', async () => {
  await using stage = await openStage();
  const walk = await openWaitingWalk(stage);
  const { code } = await clipdex(stage, ['settings', 'set', 'video_formats=webm', '--channel', ROOM]);
  expect(code).toBe(0);
  walk.answer();
  await stage.settled();
  await waitFor(async () => (await stage.libraryOf(ROOM)).messageCount === 500);
  const [counted] = await stage.db.query<{ count: string }>(
    sql`select count(*) as count from videos where channel_id = ${ROOM} and is_video and message_id < (
      select min(message_id) from (select message_id from videos order by message_id desc limit 100) first_page)`,
  );
  expect(counted).toEqual({ count: '0' });
});

test('messages by year sum up to the messages of each channel, whoever has read them', async () => {
  await using stage = await openStage();
  stage.discord.addChannel(ROOM, aHistory(ROOM, 300, '2023-12-30T00:00:00Z'));
  await stage.start();
  stage.discord.post(ROOM, idAt('2025-01-01T00:00:00Z'));
  stage.discord.post(ROOM, idAt('2026-01-01T00:00:00Z'));
  await stage.settled();
  const differing = await stage.db.query(sql`
    select c.channel_id from bot_channels c
    left join channel_years y on y.channel_id = c.channel_id
    group by c.channel_id
    having c.message_count <> coalesce(sum(y.message_count), 0)`);
  expect(differing).toEqual([]);
  const years = await stage.db.query(sql`select year, message_count from channel_years order by year`);
  expect(years.length).toBeGreaterThanOrEqual(3);
});
