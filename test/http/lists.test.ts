import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type {
  Channel,
  Count,
  Coverage,
  Guild,
  IndexPass,
  Page,
  Run,
  Video,
} from '../../src/http/contract.ts';
import { ids, snowflakeOf, videoCounts } from './fixtures/library.ts';
import { type LibraryServer, startLibraryServer } from './fixtures/library-server.ts';

const shownInGuild = videoCounts.clips + videoCounts.highlights + videoCounts.openAgeRestricted;

let server: LibraryServer;
beforeAll(async () => {
  server = await startLibraryServer();
});
afterAll(() => server.close());

async function get<Answer>(path: string): Promise<Answer> {
  const response = await server.browser.get(path);
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as Answer;
}

async function getAllVideos(query: string, limit: number): Promise<Video[]> {
  const videos: Video[] = [];
  let next: string | null = null;
  do {
    const cursor: string = next === null ? '' : `&cursor=${next}`;
    const page: Page<Video> = await get(`/api/videos?limit=${limit}${query}${cursor}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    videos.push(...page.items);
    next = page.next;
  } while (next !== null);
  return videos;
}

describe('guilds and channels', () => {
  test('a guild that the bot left is not shown, nor its channels', async () => {
    const { items } = await get<Page<Guild>>('/api/guilds');
    expect(items.map(({ id }) => id)).toEqual([ids.otherGuild, ids.guild]);
    expect((await server.browser.get(`/api/guilds/${ids.departedGuild}`)).status).toBe(404);
    expect((await server.browser.get(`/api/guilds/${ids.departedGuild}/channels`)).status).toBe(404);
  });

  test('counts leave out what is not shown', async () => {
    const guild = await get<Guild>(`/api/guilds/${ids.guild}`);
    expect(guild).toMatchObject({ channelCount: 3, readingCount: 2, messageCount: '4510' });
    expect(guild.videoCount).toEqual({ value: shownInGuild, isCapped: false });
  });

  test('age-restricted channels and their threads appear only where scan_nsfw holds', async () => {
    const { items } = await get<Page<Channel>>(`/api/guilds/${ids.guild}/channels`);
    expect(items.map(({ id }) => id).sort()).toEqual([ids.clips, ids.highlights, ids.openAgeRestricted]);
    expect(items.find(({ id }) => id === ids.openAgeRestricted)?.isNsfw).toBe(true);
  });
});

describe('threads', () => {
  const forum = '200000000000000020';
  const posts = ['200000000000000021', '200000000000000022', '200000000000000023'];

  beforeAll(async () => {
    const { db } = server.database;
    await db.query(sql`
      insert into bot_channels (channel_id, guild_id, name, type, is_reading)
      select id, ${ids.otherGuild}, 'post ' || id, case when id = ${forum} then 'forum' else 'public_thread' end, true
      from unnest(${[forum, ...posts]}::text[]) id`);
    await db.query(sql`
      insert into channel_access (channel_id, parent_id) select id, ${forum} from unnest(${posts}::text[]) id`);
    await db.query(sql`
      insert into videos (message_id, id, source, guild_id, channel_id, posted_at, filename, url, found_by)
      select id::bigint, id || 'a', 'attachment', ${ids.otherGuild}, id, now(), id || '.mp4', '', 'history'
      from unnest(${posts.slice(0, 2)}::text[]) id`);
  });
  afterAll(() =>
    server.database.db.query(sql`delete from bot_channels where channel_id = any(${[...posts, forum]})`),
  );

  test('are a list of their channel, newest first, page by page, and not among the channels', async () => {
    const { items } = await get<Page<Channel>>(`/api/guilds/${ids.otherGuild}/channels`);
    expect(items.map(({ id }) => id)).toEqual([forum, ids.other]);
    const first = await get<Page<Channel>>(`/api/channels/${forum}/threads?limit=2`);
    const second = await get<Page<Channel>>(`/api/channels/${forum}/threads?limit=2&cursor=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(posts.toReversed());
    expect(second.next).toBeNull();
    expect((await server.browser.get(`/api/channels/${ids.ageRestricted}/threads`)).status).toBe(404);
    expect((await server.browser.get(`/api/channels/${ids.ageRestrictedThread}`)).status).toBe(404);
  });

  test('make up their forum: its videos are theirs', async () => {
    expect(await get<Channel>(`/api/channels/${forum}`)).toMatchObject({
      state: null,
      threadCount: 3,
      videoCount: { value: 2, isCapped: false },
    });
    expect((await getAllVideos(`&channel_id=${forum}`, 1)).map(({ channelId }) => channelId)).toEqual(
      posts.slice(0, 2).toReversed(),
    );
    expect(await get<Count>(`/api/videos/count?channel_id=${forum}`)).toMatchObject({ value: 2 });
  });
});

describe('the state of a channel', () => {
  const insertRun = (status: string, minute: number) => sql`
    insert into bot_channel_scan_runs (channel_id, status, created_at)
    values (${ids.clips}, ${status}::scan_status, '2026-01-01T00:00:00Z'::timestamptz + ${minute} * interval '1 minute')`;

  test.each([
    [[], 'unread'],
    [['canceled'], 'unread'],
    [['queued'], 'waiting'],
    [['succeeded', 'running'], 'scanning'],
    [['failed', 'succeeded'], 'read'],
    [['succeeded', 'canceled'], 'read'],
    [['succeeded', 'failed'], 'failed'],
  ])('after the runs %j is %s, and its guild counts it so', async (statuses, state) => {
    const { db } = server.database;
    for (const [minute, status] of statuses.entries()) await db.query(insertRun(status, minute));
    const { items } = await get<Page<Channel>>(`/api/guilds/${ids.guild}/channels`);
    const { states, channelCount, readingCount } = await get<Guild>(`/api/guilds/${ids.guild}`);
    await db.query(sql`delete from bot_channel_scan_runs where channel_id = ${ids.clips}`);
    expect(items.find(({ id }) => id === ids.clips)?.state).toBe(state);
    expect(items.find(({ id }) => id === ids.openAgeRestricted)?.state).toBe('off');
    for (const [name, count] of Object.entries(states)) {
      expect(items.filter((channel) => channel.state === name)).toHaveLength(count);
    }
    expect([channelCount, readingCount]).toEqual([3, 2]);
  });

  test('is not told of what holds no messages of its own, which is not counted', async () => {
    const { items } = await get<Page<Channel>>(`/api/guilds/${ids.otherGuild}/channels`);
    expect(items.map(({ type, state }) => [type, state])).toEqual([['forum', null]]);
    expect(await get<Guild>(`/api/guilds/${ids.otherGuild}`)).toMatchObject({
      channelCount: 0,
      readingCount: 0,
    });
  });
});

describe('videos', () => {
  test.each([1, 7, 50, 100])('pages of %i walk through all once, newest first', async (limit) => {
    const videos = await getAllVideos('', limit);
    expect(videos).toHaveLength(shownInGuild + videoCounts.other);
    expect(new Set(videos.map(({ messageId, id }) => `${messageId} ${id}`)).size).toBe(videos.length);
    const times = videos.map(({ messageId }) => BigInt(messageId));
    expect(times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time))).toBe(true);
  });

  test('are narrowed by guild and by channel', async () => {
    expect(await getAllVideos(`&guild_id=${ids.otherGuild}`, 50)).toHaveLength(videoCounts.other);
    expect(await getAllVideos(`&channel_id=${ids.highlights}`, 50)).toHaveLength(videoCounts.highlights);
    expect(await getAllVideos(`&channel_id=${ids.ageRestricted}`, 50)).toEqual([]);
    expect(await getAllVideos(`&channel_id=${ids.ageRestrictedThread}`, 50)).toEqual([]);
    expect(await getAllVideos(`&guild_id=${ids.departedGuild}`, 50)).toEqual([]);
  });

  test('are found by the words of title, file name and caption, whatever their case and signs', async () => {
    const [first] = await getAllVideos(`&channel_id=${ids.clips}`, 100);
    await server.database.db.query(sql`
      update videos set title = 'Straße 100% СКЕЙТ_парк \\o/ 日本語動画', caption = 'It''s "fun"'
      where id = ${first?.id}`);
    const search = async (words: string, scope = '') =>
      (await getAllVideos(`&q=${encodeURIComponent(words)}${scope}`, 100)).map(({ id }) => id);
    for (const words of [
      'straße',
      'скейт_ПАРК',
      '日本語',
      '語動画 straße',
      "100% fun it's",
      'fun"  \\o/',
      `${first?.filename.toUpperCase()} скейт`,
    ]) {
      expect([words, await search(words)]).toEqual([words, [first?.id]]);
    }
    for (const words of ['straße_', 'str%e', 'скейт парк нет', "' or true or 'abc' <> '", 'straße100']) {
      expect([words, await search(words)]).toEqual([words, []]);
    }
    const night = (await getAllVideos('', 100)).filter((video) => video.title?.startsWith('Night run'));
    expect(await search('NIGHT №')).toEqual(night.map(({ id }) => id));
    expect(await search('night run', `&guild_id=${ids.otherGuild}`)).toEqual(
      night.filter(({ guildId }) => guildId === ids.otherGuild).map(({ id }) => id),
    );
    expect(await get<Count>(`/api/videos/count?q=night`)).toEqual({ value: night.length, isCapped: false });
    expect(await get<Count>(`/api/videos/count?q=${encodeURIComponent('straße')}`)).toMatchObject({
      value: 1,
    });
  });

  test('a page stays where it is when newer videos arrive', async () => {
    const first = await get<Page<Video>>(`/api/videos?limit=5&channel_id=${ids.highlights}`);
    const second = `/api/videos?limit=5&channel_id=${ids.highlights}&cursor=${first.next}`;
    const before = await get<Page<Video>>(second);
    const newest = snowflakeOf(Date.now());
    await server.database.db.query(sql`
      insert into videos (message_id, id, channel_id, guild_id, posted_at, filename, extension, source, url, found_by)
      values (${newest}::bigint, ${newest}, ${ids.highlights}, ${ids.guild}, now(), 'a.mp4', 'mp4', 'attachment',
        'https://cdn.discordapp.com/a.mp4', 'live')`);
    expect(await get(second)).toEqual(before);
    await server.database.db.query(sql`update videos set deleted_at = now() where id = ${newest}`);
    expect(await getAllVideos(`&channel_id=${ids.highlights}`, 50)).toHaveLength(videoCounts.highlights);
    expect((await server.browser.get(`/api/videos/${newest}`)).status).toBe(410);
  });

  test('are counted, in all or down to a place', async () => {
    const { items } = await get<Page<Video>>(`/api/videos?limit=9&channel_id=${ids.clips}`);
    const place = items.at(-1)?.cursor;
    expect(await get<Count>(`/api/videos/count?channel_id=${ids.clips}&down_to=${place}`)).toMatchObject({
      value: 9,
    });
    expect(await get<Count>(`/api/videos/count?channel_id=${ids.clips}`)).toMatchObject({
      value: videoCounts.clips,
    });
  });

  test('one is told in full', async () => {
    const { items } = await get<Page<Video>>(`/api/videos?limit=1&channel_id=${ids.clips}`);
    const video = await get<Video>(`/api/videos/${items[0]?.id}`);
    expect(video).toEqual(items[0]);
    expect(video).toMatchObject({
      guildName: 'Harbour Skate Club',
      channelName: 'clips',
      author: { id: ids.author, globalName: 'Mira "Ollie" K' },
      messageUrl: `https://discord.com/channels/${ids.guild}/${ids.clips}/${video.messageId}`,
    });
  });

  test('one that may not be shown is as unknown as one that is not there', async () => {
    const [hidden] = await server.database.db.query<{ id: string }>(
      sql`select id from videos where channel_id = ${ids.ageRestricted} limit 1`,
    );
    const answers = await Promise.all(
      [hidden?.id, '42'].flatMap((id) =>
        ['/api/videos/ID', '/videos/ID/stream', '/videos/ID/poster'].map(async (path) => {
          const response = await server.browser.get(path.replace('ID', id ?? ''));
          const { code } = (await response.json()) as { code: string };
          return [response.status, code];
        }),
      ),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(['404,not_found']));
  });
});

test('only the failures that stand are told when the newest run of each channel is wanted', async () => {
  const { db } = server.database;
  await db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status, created_at, error_message)
    select channel_id, status::scan_status, '2026-01-01T00:00:00Z'::timestamptz + number * interval '1 minute', number
    from (values
      (1, ${ids.clips}, 'failed'), (2, ${ids.clips}, 'failed'), (3, ${ids.clips}, 'canceled'),
      (4, ${ids.highlights}, 'failed'), (5, ${ids.highlights}, 'succeeded')
    ) as runs (number, channel_id, status)`);
  const failed = await get<Page<Run>>('/api/runs?status=failed');
  const standing = await get<Page<Run>>('/api/runs?status=failed&newest=true');
  await db.query(sql`delete from bot_channel_scan_runs`);
  expect(failed.items.map(({ errorMessage }) => errorMessage)).toEqual(['4', '2', '1']);
  expect(standing.items.map(({ errorMessage }) => errorMessage)).toEqual(['2']);
});

test.each([true, false])('tells whether Discord is the sandbox: %s', async (isSandbox) => {
  const other = await startLibraryServer({ isSandbox });
  const answer = await (await fetch(`${other.url}/api/instance`)).json();
  await other.close();
  expect(answer).toEqual({ isSandbox, mayInstall: 'everybody' });
});

test('unfinished runs come first, then the newest; progress is told by time', async () => {
  const { db } = server.database;
  const from = Date.parse('2024-01-01T00:00:00Z');
  const at = (days: number) => snowflakeOf(from + days * 86_400_000);
  await db.query(sql`
    with runs as (
      insert into bot_channel_scan_runs
        (channel_id, status, after_message_id, before_message_id, created_at, messages_scanned)
      values
        (${ids.clips}, 'running', ${at(0)}, ${at(10)}, now() - interval '3 hours', 9007199254740993),
        (${ids.highlights}, 'queued', null, null, now() - interval '2 hours', 0),
        (${ids.other}, 'failed', null, null, now(), 0),
        (${ids.departed}, 'running', null, null, now(), 0)
      returning id, channel_id
    )
    insert into scan_run_walks (
      run_id, requested_by, videos_found, oldest_message_id, working_ms, planned_span_ms, remaining_span_ms,
      parked_reason, parked_until
    )
    select id, 'auto', 12, ${at(4)}::bigint, 60000, 1000000, 400000, 'discord_unavailable', '2026-01-01T00:00:00Z'
    from runs where channel_id = ${ids.clips}`);
  const { items, next } = await get<Page<Run>>('/api/runs');
  expect(next).toBeNull();
  expect(items.map(({ status, channelId }) => [status, channelId])).toEqual([
    ['running', ids.clips],
    ['queued', ids.highlights],
    ['failed', ids.other],
  ]);
  expect(items[0]).toMatchObject({
    messagesScanned: '9007199254740993',
    videosFound: '12',
    requestedBy: 'auto',
    reachedAt: '2024-01-05T00:00:00.000Z',
    progress: 0.6,
    etaSecs: null,
    reason: 'parked',
    parked: {
      reason: 'discord_unavailable',
      until: '2026-01-01T00:00:00.000Z',
      message: expect.stringMatching(/^Discord does not answer/),
    },
  });
  expect(await get<Run>(`/api/runs/${items[0]?.id}`)).toEqual(items[0]);
  expect((await get<Page<Run>>('/api/runs?limit=1')).items).toEqual([items[0]]);
  expect((await get<Page<Run>>(`/api/runs?status=failed&guild_id=${ids.guild}`)).items).toEqual([]);

  // Many ended in one instant; a cursor holds, however finely PostgreSQL keeps time.
  await db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status, created_at)
    select ${ids.clips}, 'succeeded', '2026-01-01T00:00:00.000001Z'::timestamptz + (number / 2) * interval '1 microsecond'
    from generate_series(1, 5) number`);
  const all = (await get<Page<Run>>('/api/runs')).items.map(({ id }) => id);
  expect(all).toHaveLength(8);
  expect(await readPages('/api/runs?limit=1')).toEqual(all);
  expect(await readPages('/api/runs?limit=3')).toEqual(all);
  await db.query(sql`delete from bot_channel_scan_runs`);
});

test('the passes over an index come in pages, the newest first', async () => {
  await server.database.db.query(sql`
    insert into index_passes (guild_id, status, requested_by, finished_at, created_at)
    select ${ids.guild}, 'succeeded', 'auto', now(), now() - (number / 2) * interval '1 hour'
    from generate_series(1, 5) number`);
  const path = `/api/guilds/${ids.guild}/index-passes`;
  const all = (await get<Page<IndexPass>>(path)).items;
  expect(all.map(({ createdAt }) => createdAt)).toEqual(
    all
      .map(({ createdAt }) => createdAt)
      .sort()
      .reverse(),
  );
  expect(await readPages(`${path}?limit=2`)).toEqual(all.map(({ id }) => id));
  expect((await server.browser.get(`${path}?cursor=MQ`)).status).toBe(400);
});

/** The ids of a list that is read page by page to its end. */
async function readPages(path: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page<{ id: string }> = await get(cursor ? `${path}&cursor=${cursor}` : path);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  }
  return found;
}

test('coverage of a channel is told, of one that may not be shown nothing', async () => {
  const { db } = server.database;
  const read = `{[1,${BigInt(snowflakeOf(Date.parse('2024-06-01T00:00:00Z')))})}`;
  await db.query(sql`
    update channel_access set newest_message_id = ${snowflakeOf(Date.parse('2024-07-01T00:00:00Z'))}::bigint
    where channel_id = ${ids.clips}`);
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned) values (${ids.clips}, ${read}::int8multirange)`);
  await db.query(sql`
    insert into channel_years (channel_id, year, message_count) values (${ids.clips}, 2024, 9007199254740993)`);
  const coverage = await get<Coverage>(`/api/channels/${ids.clips}/coverage`);
  expect(coverage).toMatchObject({
    channelId: ids.clips,
    state: 'partial',
    coveredTo: '2024-07-01T00:00:00.000Z',
    gapFreeSince: null,
    holeCount: 1,
    holes: [{ from: '2024-06-01T00:00:00.000Z', to: '2024-07-01T00:00:00.000Z' }],
    years: [{ year: 2024, messageCount: '9007199254740993', videoCount: expect.any(Number) }],
  });
  for (const id of [ids.ageRestricted, ids.departed, ids.other, '42']) {
    expect((await server.browser.get(`/api/channels/${id}/coverage`)).status).toBe(404);
  }
});
