import { afterAll, beforeAll, expect, test } from 'vitest';
import { upsertChannels } from '../../src/db/channels-sync.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { findGuildOverview } from '../../src/db/guild-overviews.ts';
import type { VideosOf } from '../../src/db/reevaluate-videos.ts';
import { findLink } from '../../src/db/video-links.ts';
import { countVideos, findVideo, listVideos } from '../../src/db/videos-list.ts';
import { changeChannelSettings, changeGuildSettings } from '../../src/jobs/change-settings.ts';
import { reevaluateVideosJob } from '../../src/jobs/reevaluate-videos.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { sampleChannel } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addReadingChannel } from '../support/library-fixtures.ts';
import { aGif, aMessage, anAttachment, aPlayer } from '../support/message-payloads.ts';
import { beginWalk, commitMessages, type Walk } from '../support/page-commits.ts';

const log = createLogger('silent');

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

let made = 0;
/** A guild with one channel, of which a walk has begun. */
async function newGuild(): Promise<Walk & { guildId: string }> {
  made += 1;
  const guildId = String(made * 10);
  const channelId = String(made * 1_000);
  await addReadingChannel(db, guildId, channelId);
  return { guildId, ...(await beginWalk(db, channelId)) };
}

let nextId = 1_000_000;
/** A message with an mp4, a webm and a mkv, the gif of a link and a player elsewhere. */
function aMixedMessage() {
  nextId += 10;
  return aMessage({
    id: String(nextId),
    attachments: ['mp4', 'webm', 'mkv'].map((extension, index) =>
      anAttachment({
        id: String(nextId + index),
        filename: `a.${extension}`,
        content_type: `video/${extension}`,
      }),
    ),
    embeds: [aGif(), aPlayer()],
  });
}

/** The jobs that wait, worked off here. */
async function workOff(clock: Clock = systemClock): Promise<VideosOf[]> {
  const job = reevaluateVideosJob({ db, clock, log });
  const queued = await db.query<{ payload: VideosOf }>(sql`
    delete from graphile_worker._private_jobs
    where key like 'reevaluate_videos:%'
    returning payload`);
  for (const { payload } of queued) await job(payload, { signal: new AbortController().signal });
  return queued.map(({ payload }) => payload);
}

async function shown({ guildId }: { guildId: string }): Promise<string[]> {
  const items = await listVideos(db, 'everything', { guildId }, { limit: 100 });
  return items.map((item) => item.extension ?? 'none').sort();
}

test('what the settings do not count is stored, and nowhere to be seen until they do', async () => {
  const guild = await newGuild();
  await db.transaction((tx) => changeGuildSettings(tx, guild.guildId, { video_formats: ['mkv'] }));
  await workOff();
  await commitMessages(db, guild, [aMixedMessage()]);
  const hiddenId = String(nextId);
  expect(await shown(guild)).toEqual(['mkv', 'none']); // the player elsewhere has no format to be named
  expect(await countVideos(db, 'everything', guild)).toBe(2);
  expect(await findGuildOverview(db, 'everything', guild.guildId)).toMatchObject({ video_count: 2 });
  expect(await findVideo(db, 'everything', hiddenId)).toEqual({ state: 'unknown' });
  expect(await findLink(db, 'everything', hiddenId)).toBeNull();
  const [run] = await db.query(sql`
    select r.messages_matched, w.videos_found
    from bot_channel_scan_runs r join scan_run_walks w on w.run_id = r.id where r.id = ${guild.runId}`);
  expect(run).toEqual({ messages_matched: '1', videos_found: '2' });

  await db.transaction((tx) => changeGuildSettings(tx, guild.guildId, { video_formats: null }));
  expect(await workOff()).toEqual([{ guildId: guild.guildId }]);
  expect(await shown(guild)).toEqual(['mkv', 'mp4', 'mp4', 'none', 'webm']);
  expect(await findVideo(db, 'everything', hiddenId)).toMatchObject({ state: 'shown' });
});

test('the settings of a channel reach its threads, and no other channel', async () => {
  const guild = await newGuild();
  const thread = String(Number(guild.channelId) + 1);
  const neighbour = String(Number(guild.channelId) + 2);
  await upsertChannels(db, guild.guildId, [
    sampleChannel({ id: thread, type: 'public_thread', parentId: guild.channelId }),
    sampleChannel({ id: neighbour }),
  ]);
  await db.query(sql`update bot_channels set is_reading = true where guild_id = ${guild.guildId}`);
  const walks = [guild, await beginWalk(db, thread), await beginWalk(db, neighbour)];
  for (const walk of walks) await commitMessages(db, walk, [aMixedMessage()]);
  await db.transaction((tx) =>
    changeChannelSettings(tx, guild.channelId, { video_formats: ['webm'] }, 'replace'),
  );
  await workOff();
  const counts = await Promise.all(
    walks.map(({ channelId }) => countVideos(db, 'everything', { channelId })),
  );
  expect(counts).toEqual([2, 2, 5]);
});

test('settings that are changed in a transaction which fails queue nothing', async () => {
  const guild = await newGuild();
  const change = db.transaction(async (tx) => {
    await changeGuildSettings(tx, guild.guildId, { video_formats: ['mp4'] });
    throw new Error('and then');
  });
  await expect(change).rejects.toThrow('and then');
  await db.transaction((tx) => changeGuildSettings(tx, guild.guildId, { prefix: '?' }));
  expect(await db.transaction((tx) => changeGuildSettings(tx, '404', { video_formats: ['mp4'] }))).toBeNull();
  expect(await workOff()).toEqual([]);
});

test('a page that was decided by the old settings and is committed after the change is decided anew', async () => {
  const guild = await newGuild();
  let isWaitedFor = false;
  let commitPage: () => void = () => {};
  const mayCommit = new Promise<void>((resolve) => {
    commitPage = resolve;
  });
  let isWritten: () => void = () => {};
  const written = new Promise<void>((resolve) => {
    isWritten = resolve;
  });
  const page = db.transaction(async (tx) => {
    await commitMessages(tx, guild, [aMixedMessage()]);
    isWritten();
    await mayCommit;
  });
  await written;
  await db.transaction((tx) => changeGuildSettings(tx, guild.guildId, { video_formats: ['webm'] }));
  const clock: Clock = {
    ...systemClock,
    async sleep() {
      isWaitedFor = true; // the job saw that somebody is still writing
      commitPage();
      await page;
    },
  };
  await workOff(clock);
  commitPage(); // for a job that did not wait: the page is then wrong, and not stuck
  await page;
  expect(isWaitedFor).toBe(true);
  expect(await shown(guild)).toEqual(['none', 'webm']);
});

test('after changes among pages that are written all the time, every row stands by the last settings', async () => {
  const guild = await newGuild();
  const others = [guild, await beginWalkBeside(guild, 1), await beginWalkBeside(guild, 2)];
  let isOver = false;
  const writers = others.map(async (walk) => {
    while (!isOver) await commitMessages(db, walk, [aMixedMessage(), aMixedMessage()]);
  });
  for (let round = 0; round < 20; round += 1) {
    const formats = round % 2 === 0 ? ['webm'] : ['mp4', 'mkv'];
    await db.transaction((tx) => changeGuildSettings(tx, guild.guildId, { video_formats: formats }));
    await workOff();
  }
  isOver = true;
  await Promise.all(writers);
  const wrong = await db.query(sql`
    select formats, is_video, extension from videos
    where guild_id = ${guild.guildId} and is_video <> (formats = '{}' or formats && '{mp4,mkv}')`);
  expect(wrong).toEqual([]);
});

async function beginWalkBeside(guild: { guildId: string; channelId: string }, step: number): Promise<Walk> {
  const channelId = String(Number(guild.channelId) + step);
  await addReadingChannel(db, guild.guildId, channelId);
  return beginWalk(db, channelId);
}

test('a job that is told to stop puts itself back', async () => {
  const guild = await newGuild();
  const stopping = new AbortController();
  stopping.abort();
  await reevaluateVideosJob({ db, clock: systemClock, log })(
    { guildId: guild.guildId },
    { signal: stopping.signal },
  );
  expect(await workOff()).toEqual([{ guildId: guild.guildId }]);
});
