import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  findChannelOverview,
  listChannelOverviews,
  listThreadOverviews,
} from '../../src/db/channel-overviews.ts';
import { upsertChannels } from '../../src/db/channels-sync.ts';
import { getCoverageReport, listCoverage } from '../../src/db/coverage-report.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { enqueueScanRun } from '../../src/db/enqueue-scan-run.ts';
import { markGuildDeparted } from '../../src/db/guild-departures.ts';
import { findGuildOverview, listGuildOverviews } from '../../src/db/guild-overviews.ts';
import { enqueueIndexPassRow, listIndexPasses } from '../../src/db/index-passes.ts';
import { findRun, listRuns } from '../../src/db/list-scan-runs.ts';
import { upsertMemberRoles } from '../../src/db/member-roles.ts';
import { readDatabaseTime, sumScanRuns } from '../../src/db/scan-totals.ts';
import { type Sight, seesChannel } from '../../src/db/sight.ts';
import { countSkippedFiles } from '../../src/db/skipped-files.ts';
import { findLink } from '../../src/db/video-links.ts';
import {
  countVideos,
  findVideo,
  listVideos,
  type VideoPlace,
  type VideoScope,
} from '../../src/db/videos-list.ts';
import { readSightSources, storeViewerChannels } from '../../src/db/viewer-channels.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addGuild, sampleChannel } from './sample-rows.ts';

const VIEWER = '42';
const viewer: Sight = { userId: VIEWER };
const HIDDEN_VIDEOS = 6_000; // more than the near way goes through
const OPEN_VIDEOS = 60;

let database: TestDatabase;
let db: Database;
let guildId: string;
const category = sampleChannel({ type: 'category' });
const open = sampleChannel({ parentId: category.id });
const forum = sampleChannel({ type: 'forum' });
const post = sampleChannel({ type: 'public_thread', parentId: forum.id });
const thread = sampleChannel({ type: 'public_thread', parentId: open.id });
const privateThread = sampleChannel({ type: 'private_thread', parentId: open.id });
const hidden = sampleChannel({ parentId: category.id });
const hiddenThread = sampleChannel({ type: 'public_thread', parentId: hidden.id });
const visible = [open, forum, post, thread];
const all = [category, ...visible, privateThread, hidden, hiddenThread];

beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  guildId = await addGuild(db);
  await upsertChannels(db, guildId, all);
  await db.query(sql`update bot_channels set is_reading = true, message_count = 10 where type <> 'category'`);
  await addVideos(hidden.id, HIDDEN_VIDEOS, 2_000_000);
  await addVideos(open.id, OPEN_VIDEOS / 2, 1_000_000);
  await addVideos(post.id, OPEN_VIDEOS / 2, 1_000_030);
  await db.query(sql`
    insert into skipped_files (message_id, place, channel_id, reason)
    values (1, 'a', ${open.id}, 'no_id'), (2, 'a', ${hidden.id}, 'no_id'), (3, 'a', ${hidden.id}, 'no_url')`);
  for (const { id } of [open, hidden, hiddenThread]) {
    await enqueueScanRun(db, { channelId: id, requestedBy: 'person' });
  }
  await enqueueIndexPassRow(db, { guildId, requestedBy: 'auto' });
  await see(visible.map((channel) => channel.id));
});
afterAll(() => database.close());

/** Videos of one message each, with ids that rise from `from`. */
async function addVideos(channelId: string, count: number, from: number): Promise<void> {
  await db.query(sql`
    insert into videos (message_id, id, channel_id, guild_id, posted_at, filename, extension, source, url, found_by)
    select id, id::text, ${channelId}, ${guildId}, now(), 'a.mp4', 'mp4', 'attachment', 'https://a.example', 'history'
    from generate_series(${from}::bigint, ${from + count - 1}::bigint) id`);
}

async function see(channelIds: string[]): Promise<void> {
  await db.query(sql`insert into users (discord_user_id) values (${VIEWER}) on conflict do nothing`);
  await upsertMemberRoles(db, guildId, VIEWER, []);
  const [source] = await readSightSources(db, VIEWER, [guildId]);
  const sight = { canManage: false, areRolesOld: false, isUnfinished: false, until: null };
  await storeViewerChannels(db, VIEWER, [
    {
      ...{ guildId, version: source?.version ?? '', ...sight },
      channelIds: channelIds.filter((id) => ![post.id, thread.id].includes(id)),
    },
  ]);
}

const idsOf = (rows: { channel_id: string }[]) => rows.map((row) => row.channel_id).sort();
const sorted = (channels: { id: string }[]) => channels.map((channel) => channel.id).sort();

describe('what is not seen does not exist', () => {
  test('in the numbers of a guild', async () => {
    const [guild] = await listGuildOverviews(db, viewer);
    expect(guild).toEqual(await findGuildOverview(db, viewer, guildId));
    // Of four that are seen, a forum is none that holds messages.
    expect(guild).toMatchObject({
      ...{ can_manage: false, channel_count: 3, reading_count: 3, waiting_count: 1, unread_count: 2 },
      ...{ message_count: '40', video_count: OPEN_VIDEOS },
    });
    expect(await findGuildOverview(db, 'everything', guildId)).toMatchObject({
      ...{ can_manage: true, channel_count: 6, waiting_count: 3, message_count: '70', video_count: 1_000 },
    });
    expect(await listGuildOverviews(db, { userId: '7' })).toEqual([]);
    expect(await findGuildOverview(db, { userId: '7' }, guildId)).toBeNull();
  });

  test('among channels and threads, nor does the category that holds them', async () => {
    const channels = await listChannelOverviews(db, viewer, guildId);
    expect(idsOf(channels)).toEqual(sorted([open, forum]));
    const seen = channels.find((channel) => channel.channel_id === open.id);
    expect(seen).toMatchObject({ parent_id: null, thread_count: 1, video_count: OPEN_VIDEOS / 2 });
    expect(seen).toEqual(await findChannelOverview(db, viewer, open.id));
    expect(await findChannelOverview(db, viewer, forum.id)).toMatchObject({
      ...{ thread_count: 1, video_count: OPEN_VIDEOS / 2 },
    });
    expect(await findChannelOverview(db, 'everything', open.id)).toMatchObject({
      ...{ parent_id: category.id, thread_count: 2 },
    });
    expect(await findChannelOverview(db, viewer, thread.id)).toMatchObject({ parent_id: open.id });
    expect(await findChannelOverview(db, viewer, hidden.id)).toBeNull();
    expect(await findChannelOverview(db, viewer, privateThread.id)).toBeNull();
    expect(idsOf(await listThreadOverviews(db, viewer, open.id, { limit: 9 }))).toEqual([thread.id]);
    expect(await listThreadOverviews(db, viewer, hidden.id, { limit: 9 })).toEqual([]);
  });

  test('among runs, coverage, totals and what was left out', async () => {
    const runs = await listRuns(db, viewer, { limit: 9 });
    expect(runs.map((run) => run.channelId)).toEqual([open.id]);
    expect(await listRuns(db, viewer, { channelId: hidden.id, limit: 9 })).toEqual([]);
    expect(await listRuns(db, 'everything', { guildId, limit: 9 })).toHaveLength(3);
    const [hiddenRun] = await listRuns(db, 'everything', { channelId: hidden.id, limit: 1 });
    expect(await findRun(db, viewer, hiddenRun?.id ?? '')).toBeNull();
    expect(await findRun(db, viewer, runs[0]?.id ?? '')).toEqual(runs[0]);
    const coverage = await listCoverage(db, viewer, guildId, 99);
    expect(coverage.map((one) => one.channelId).sort()).toEqual(sorted([open, post, thread]));
    expect(await getCoverageReport(db, viewer, hidden.id, 9)).toBeNull();
    expect(await getCoverageReport(db, viewer, open.id, 9)).toMatchObject({ skippedFiles: { no_id: 1 } });
    const since = await readDatabaseTime(db);
    expect(await sumScanRuns(db, viewer, guildId, since)).toMatchObject({ runCount: 1 });
    await markGuildDeparted(db, await addGuild(db));
    const pass = (await listIndexPasses(db, 'everything', { guildId, limit: 1 }))[0]?.id;
    expect(await sumScanRuns(db, 'everything', guildId, since)).toMatchObject({
      runCount: 3,
      indexPassId: pass,
    });
    expect(await countSkippedFiles(db, viewer, { guildId })).toEqual({ no_id: 1 });
    expect(await countSkippedFiles(db, viewer, { channelId: hidden.id })).toEqual({});
  });

  test('in what a pass over the index counted', async () => {
    const [pass] = await listIndexPasses(db, viewer, { guildId, limit: 1 });
    expect(pass).toMatchObject({ status: 'queued', pages: null, messagesFound: null, videosFound: null });
    expect(await listIndexPasses(db, { userId: '7' }, { guildId, limit: 1 })).toEqual([]);
    expect(await listIndexPasses(db, 'everything', { guildId, limit: 1 })).toMatchObject([{ pages: 0n }]);
  });

  test('as a video', async () => {
    expect(await findVideo(db, viewer, '2000000')).toEqual({ state: 'unknown' });
    expect(await findLink(db, viewer, '2000000')).toBeNull();
    expect(await findVideo(db, viewer, '1000000')).toMatchObject({ state: 'shown' });
    expect(await findLink(db, viewer, '1000000')).toMatchObject({ id: '1000000' });
    expect(await findVideo(db, { userId: '7' }, '1000000')).toEqual({ state: 'unknown' });
  });
});

describe('pages of videos', () => {
  async function walk(sight: Sight, scope: VideoScope, limit: number): Promise<string[]> {
    const ids: string[] = [];
    let after: VideoPlace | undefined;
    for (;;) {
      const page = await listVideos(db, sight, scope, { after, limit });
      ids.push(...page.map((video) => video.id));
      const last = page.at(-1);
      if (page.length < limit || !last) return ids;
      after = { messageId: last.message_id, id: last.id };
    }
  }
  const descending = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => String(from + count - 1 - n));
  const openIds = descending(1_000_000, OPEN_VIDEOS / 2);
  const postIds = descending(1_000_030, OPEN_VIDEOS / 2);
  const both = [...postIds, ...openIds];

  test('hold what is seen, newest first, however much newer there is that is not', async () => {
    for (const limit of [7, 50, 100]) {
      expect(await walk(viewer, {}, limit)).toEqual(both);
      expect(await walk(viewer, { guildId }, limit)).toEqual(both);
    }
    expect(await walk(viewer, { channelId: open.id }, 7)).toEqual(openIds);
    expect(await walk(viewer, { guildId, forumId: forum.id }, 7)).toEqual(postIds);
    expect(await walk(viewer, { channelId: hidden.id }, 7)).toEqual([]);
    expect(await walk(viewer, { forumId: hidden.id }, 7)).toEqual([]);
    expect(await walk({ userId: '7' }, {}, 7)).toEqual([]);
    expect(await walk('everything', {}, 1_000)).toHaveLength(HIDDEN_VIDEOS + OPEN_VIDEOS);
  });

  test('with words hold no more than what is seen, be they of most videos or of few', async () => {
    await db.query(sql`
      update videos set title = 'Kickflip at dusk' where id in ('1000003', '1000041', '2000003', '2005000')`);
    for (const words of [['A.MP4'], ['mp4', '.']]) {
      for (const limit of [7, 50, 100]) expect(await walk(viewer, { words }, limit)).toEqual(both);
      expect(await walk(viewer, { words, channelId: open.id }, 7)).toEqual(openIds);
      expect(await walk(viewer, { words, forumId: forum.id }, 7)).toEqual(postIds);
      expect(await countVideos(db, viewer, { words })).toBe(OPEN_VIDEOS);
      expect(await countVideos(db, 'everything', { words })).toBe(1_000);
    }
    const words = ['dusk', 'kick'];
    expect(await walk('everything', { words }, 3)).toEqual(['2005000', '2000003', '1000041', '1000003']);
    expect(await walk(viewer, { words }, 1)).toEqual(['1000041', '1000003']);
    expect(await walk(viewer, { words, guildId }, 7)).toEqual(['1000041', '1000003']);
    expect(await walk(viewer, { words, channelId: open.id }, 7)).toEqual(['1000003']);
    expect(await walk(viewer, { words, forumId: forum.id }, 7)).toEqual(['1000041']);
    expect(await walk(viewer, { words, channelId: hidden.id }, 7)).toEqual([]);
    expect(await countVideos(db, viewer, { words })).toBe(2);
    expect(await countVideos(db, { userId: '7' }, { words })).toBe(0);
    expect(await walk(viewer, { words: [...words, 'dawn'] }, 7)).toEqual([]);
  });

  test('are counted as they are shown, down to any place', async () => {
    expect(await countVideos(db, viewer, {})).toBe(OPEN_VIDEOS);
    expect(await countVideos(db, viewer, { channelId: open.id })).toBe(OPEN_VIDEOS / 2);
    expect(await countVideos(db, viewer, { forumId: forum.id })).toBe(OPEN_VIDEOS / 2);
    expect(await countVideos(db, viewer, { channelId: hidden.id })).toBe(0);
    expect(await countVideos(db, 'everything', {})).toBe(1_000);
    const place = { messageId: '1000045', id: '1000045' };
    expect(await countVideos(db, viewer, {}, place)).toBe(15);
    expect(await countVideos(db, 'everything', {}, { messageId: '2005990', id: '2005990' })).toBe(10);
  });
});

test('a channel that is named as one within the sight is refused: it would be taken for that one', () => {
  expect(() => seesChannel(viewer, sql`r.channel_id`)).toThrow(RangeError);
  expect(() => seesChannel('everything', sql`seen.channel_id`)).toThrow(RangeError);
});
