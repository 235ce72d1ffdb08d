import { expect, onTestFinished, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { findLink, type StoredLink } from '../../src/db/video-links.ts';
import { writeVideos } from '../../src/db/videos.ts';
import { createDiscordRest } from '../../src/discord/rest.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { extractVideos } from '../../src/library/extract-videos.ts';
import { FreshLinks, type LinkState } from '../../src/library/fresh-links.ts';
import { runSandbox } from '../sandbox/running-sandbox.ts';
import { attachmentId, ids, messageId } from '../sandbox/small-world.ts';
import { createTestDatabase } from '../support/database.ts';
import { jumpingClock } from '../support/fast-clock.ts';
import { addReadingChannel } from '../support/library-fixtures.ts';

const SIGN = 'POST /attachments/refresh-urls';
const FETCH = 'GET /channels/:channel/messages/:message';
/** Messages of the sandbox's channel that carry a video. */
const withVideo = Array.from({ length: 12 }, (_, index) => (index + 1) * 10);

/** Videos of the sandbox as ingest stored them, and the links to be kept fresh. */
async function setUp(clock: Clock = systemClock) {
  const sandbox = await runSandbox();
  const database = await createTestDatabase();
  onTestFinished(() => database.close());
  const { db } = database;
  const log = createLogger('silent');
  const stopping = new AbortController();
  const rest = createDiscordRest({
    apiUrl: sandbox.apiUrl,
    token: sandbox.token,
    log,
    signal: stopping.signal,
    limits: { faultAttempts: 2, retryFirstMs: 5, retryMaxMs: 10 },
  });
  onTestFinished(() => rest.close());
  await addReadingChannel(db, ids.guild, ids.general);
  const store = async (id: string) => {
    const message = await rest.getMessage(ids.general, id);
    const { videos } = extractVideos(message, new Set(['mp4', 'webm', 'mov']));
    const posted = videos.map((video) => ({ ...video, authorId: null, channelId: ids.general }));
    await db.query(sql`
      with channels as (select channel_id, guild_id from bot_channels where channel_id = ${ids.general}),
      ${writeVideos(posted, [], 'history')}
      select count(*) from written_videos`);
    return videos.map((video) => video.id);
  };
  for (const number of withVideo) await store(messageId(number));
  const storedAs = async (id: string): Promise<StoredLink> => {
    const link = await findLink(db, 'everything', id);
    if (!link) throw new Error(`no video is stored as ${id}`);
    return link;
  };
  const stored = (number: number) => storedAs(attachmentId(number));
  await sandbox.control('reset-stats');
  const links = new FreshLinks({ db, discord: rest, clock, signal: stopping.signal });
  return {
    sandbox,
    links,
    stored,
    storedAs,
    /** Posts a message with a file of another site and one of its own; answers the keys of the two. */
    async postEmbed() {
      const { body } = await sandbox.control('post', {
        channel_id: ids.general,
        author_id: ids.owner,
        content: 'link',
        files: [{ clip: 'test-card.mp4' }],
        embeds: [wave],
      });
      const id = String(body.message_id);
      const keys = await store(id);
      await sandbox.control('reset-stats');
      return { id, upload: keys[0] ?? '', embed: `${id}-e0` };
    },
    expire: () =>
      db.query(sql`update videos set url_expires_at = now() + interval '1 minute' where page_url is null`),
    requests: async (route: string): Promise<number> =>
      (await sandbox.control('stats')).body.requests[route] ?? 0,
  };
}

/** A moving picture that was linked; Discord has a copy of it. */
const wave = {
  type: 'gifv',
  url: 'https://gifs.example/wave',
  video: { url: 'https://gifs.example/wave.mp4', proxy_url: 'external://test-card.mp4/wave.mp4' },
};

async function plays(link: LinkState): Promise<boolean> {
  if (link.state !== 'ready') return false;
  const response = await fetch(link.url, { headers: { range: 'bytes=0-0' } });
  await response.arrayBuffer();
  return response.status === 206;
}

test('a link that lives on is answered as it is stored, without a request', async () => {
  const { links, stored, requests } = await setUp();
  const file = await stored(10);
  expect(await links.linkOf(file)).toMatchObject({ state: 'ready', url: file.url, proxyUrl: file.proxy_url });
  expect(await requests(SIGN)).toBe(0);
  expect(await requests(FETCH)).toBe(0);
});

test('a page of videos whose links end soon shares one request, and the new links are stored', async () => {
  const { sandbox, links, stored, expire, requests } = await setUp();
  await expire();
  await sandbox.control('link-life', { secs: 40_000 }); // so that new signatures differ within the same second
  const files = await Promise.all(withVideo.map(stored));
  const answers = await Promise.all([...files, ...files].map((file) => links.linkOf(file)));
  expect(answers.map(({ state }) => state)).toEqual(answers.map(() => 'ready'));
  expect(await Promise.all(answers.map(plays))).toEqual(answers.map(() => true));
  expect(await requests(SIGN)).toBe(1);
  expect(await requests(FETCH)).toBe(0);
  const renewed = await stored(10);
  expect(renewed.url_expires_at?.getTime()).toBeGreaterThan(Date.now() + 3_600_000);
  const signatureOf = (url: string | null) => new URL(url ?? '').searchParams.get('hm');
  expect(signatureOf(renewed.proxy_url)).toBe(signatureOf(renewed.url));
  expect(await links.linkOf(renewed)).toMatchObject({ state: 'ready', url: renewed.url });
  expect(await requests(SIGN)).toBe(1);
});

test.each([403, 404, 405])(
  'where signing is refused (%i) messages are fetched, and it is not asked again',
  async (status) => {
    const { sandbox, links, stored, expire, requests } = await setUp();
    await expire();
    await sandbox.control('fail', {
      route: '/attachments/refresh-urls',
      status,
      count: 99,
      body: { code: 0 },
    });
    expect(await plays(await links.linkOf(await stored(10)))).toBe(true);
    expect(await plays(await links.linkOf(await stored(20)))).toBe(true);
    expect(await requests(FETCH)).toBe(2);
    const { faults } = (await sandbox.control('faults')).body;
    expect(faults[0].remaining).toBe(98);
  },
);

test('an answer that leaves a file out is completed from the message', async () => {
  const { sandbox, links, stored, expire, requests } = await setUp();
  await expire();
  await sandbox.control('fail', {
    route: '/attachments/refresh-urls',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { refreshed_urls: [] },
  });
  expect(await plays(await links.linkOf(await stored(10)))).toBe(true);
  expect(await requests(FETCH)).toBe(1);
});

test('a link that does not play before its time is renewed from the message, once for all who doubt', async () => {
  const { sandbox, links, stored, requests } = await setUp();
  await sandbox.control('expire-links');
  const file = await stored(10);
  expect(await plays(await links.linkOf(file))).toBe(false);
  const answers = await Promise.all([1, 2, 3].map(() => links.linkOf(file, true)));
  expect(await Promise.all(answers.map(plays))).toEqual([true, true, true]);
  const again = await links.linkOf(await stored(10), true);
  expect(await plays(again)).toBe(true);
  expect(await requests(FETCH)).toBe(1);
});

test('a deleted message is told and recorded', async () => {
  const { sandbox, links, stored } = await setUp();
  await sandbox.control('delete', { channel_id: ids.general, message_id: messageId(10) });
  expect(await links.linkOf(await stored(10), true)).toEqual({ state: 'deleted' });
  const after = await stored(10);
  expect(after.is_deleted).toBe(true);
  expect(await links.linkOf(after)).toEqual({ state: 'deleted' });
});

test('a file that was edited out of its message is told and recorded', async () => {
  const { sandbox, links, stored } = await setUp();
  await sandbox.control('edit', { channel_id: ids.general, message_id: messageId(10), files: [] });
  expect(await links.linkOf(await stored(10), true)).toEqual({ state: 'deleted' });
  expect((await stored(10)).is_deleted).toBe(true);
});

test('a message whose content Discord withholds shows nothing of its file: nothing is recorded', async () => {
  const { sandbox, links, stored } = await setUp();
  await sandbox.control('intents', { message_content: false });
  expect(await links.linkOf(await stored(10), true)).toMatchObject({ state: 'unavailable' });
  expect((await stored(10)).is_deleted).toBe(false);
  await sandbox.control('intents', { message_content: true });
  expect(await plays(await links.linkOf(await stored(10), true))).toBe(true);
});

test('a channel that may no longer be read is told apart from a deletion, which is not recorded', async () => {
  const { sandbox, links, stored } = await setUp();
  await sandbox.control('overwrite', { channel_id: ids.general, id: ids.bot, type: 'member', deny: '66560' });
  expect(await links.linkOf(await stored(10), true)).toEqual({ state: 'no_access' });
  expect((await stored(10)).is_deleted).toBe(false);
});

test('about such a channel Discord is not asked with every request, as it counts what it refuses', async () => {
  const clock = jumpingClock();
  const { sandbox, links, stored, requests } = await setUp(clock);
  const overwrite = { channel_id: ids.general, id: ids.bot, type: 'member' };
  await sandbox.control('overwrite', { ...overwrite, deny: '66560' });
  for (const number of [10, 20, 10, 30]) {
    expect(await links.linkOf(await stored(number), true)).toEqual({ state: 'no_access' });
  }
  expect(await requests(FETCH)).toBe(1);
  await sandbox.control('overwrite', { ...overwrite, deny: '0' });
  clock.jump(60_000); // somebody sets the clock: no time has passed
  expect(await links.linkOf(await stored(20), true)).toEqual({ state: 'no_access' });
  clock.pass(30_000);
  expect(await plays(await links.linkOf(await stored(20), true))).toBe(true);
});

test('an outage of Discord is told as one, and everything plays after it', async () => {
  const { sandbox, links, stored, expire } = await setUp();
  await expire();
  await sandbox.control('fail', { status: 503, count: 1_000 });
  const outage = await links.linkOf(await stored(10));
  expect(outage).toMatchObject({ state: 'unavailable' });
  expect(await links.linkOf(await stored(20), true)).toMatchObject({ state: 'unavailable' });
  await sandbox.control('clear-faults');
  expect(await plays(await links.linkOf(await stored(10)))).toBe(true);
  expect((await stored(10)).is_deleted).toBe(false);
});

test('a bare 404, as a proxy in between sends it, deletes nothing', async () => {
  const { sandbox, links, stored } = await setUp();
  await sandbox.control('fail', {
    status: 404,
    headers: { 'content-type': 'text/html' },
    body: '<h1>404</h1>',
    count: 9,
  });
  expect(await links.linkOf(await stored(10), true)).toMatchObject({ state: 'unavailable' });
  expect((await stored(10)).is_deleted).toBe(false);
});

test("a copy from another site has no end, and is not asked to be signed with its message's files", async () => {
  const { links, postEmbed, storedAs, expire, requests } = await setUp();
  const { upload, embed } = await postEmbed();
  expect(await plays(await links.linkOf(await storedAs(embed)))).toBe(true);
  await expire();
  expect(await plays(await links.linkOf(await storedAs(upload)))).toBe(true);
  expect(await requests(SIGN)).toBe(1);
  expect(await requests(FETCH)).toBe(0);
});

test('a copy that does not play any more is looked for in its message, and its loss is recorded', async () => {
  const { sandbox, links, postEmbed, storedAs, requests } = await setUp();
  const { id, upload, embed } = await postEmbed();
  const moved = { ...wave, video: { ...wave.video, proxy_url: 'external://neon-grid.webm/wave.webm' } };
  await sandbox.control('edit', { channel_id: ids.general, message_id: id, embeds: [moved] });
  const renewed = await links.linkOf(await storedAs(embed), true);
  expect(renewed).toMatchObject({
    state: 'ready',
    url: expect.stringContaining('/external/neon-grid.webm/'),
  });
  expect(await plays(renewed)).toBe(true);
  expect(await requests(FETCH)).toBe(1);

  const gone = await postEmbed();
  await sandbox.control('edit', { channel_id: ids.general, message_id: gone.id, embeds: [] });
  expect(await links.linkOf(await storedAs(gone.embed), true)).toEqual({ state: 'deleted' });
  expect((await storedAs(gone.upload)).is_deleted).toBe(false);
  expect((await storedAs(upload)).is_deleted).toBe(false);
});
