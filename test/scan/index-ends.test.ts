import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { getIndexPass } from '../../src/db/index-passes.ts';
import { cancelIndexPasses } from '../../src/db/move-index-pass.ts';
import { createDiscordRest, type DiscordRest } from '../../src/discord/rest.ts';
import { housekeepingJobs } from '../../src/jobs/housekeeping.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { ids, messageId, smallWorld } from '../sandbox/small-world.ts';
import { IndexStage, SEARCH_ROUTE } from '../support/index-stage.ts';
import { waitFor } from '../support/wait-for.ts';

let stage: IndexStage;
let db: Database;

beforeEach(async () => {
  stage = await IndexStage.open(smallWorld());
  db = stage.db;
  await stage.addGuild(ids.guild);
});
afterEach(() => stage.close());

/** When the pass's job comes back, in seconds from now; null: it has none that waits. */
async function jobWait(passId: string): Promise<number | null> {
  const [job] = await db.query<{ secs: number }>(sql`
    select extract(epoch from run_at - now())::float8 as secs from graphile_worker.jobs
    where key = ${`index_guild:${passId}`}`);
  return job?.secs ?? null;
}

test('an index in the making is waited for, without holding the worker', async () => {
  await stage.sandbox.control('search-indexing', { on: true, retry_secs: 30 });
  const passId = await stage.queuePass(ids.guild);
  const parked = await stage.attempt(passId);
  expect(parked).toMatchObject({ status: 'running', videosFound: 0n });
  expect(parked.parkedUntil?.getTime()).toBeGreaterThan(Date.now() + 20_000);
  expect(await jobWait(passId)).toBeGreaterThan(20);
  await stage.sandbox.control('search-indexing', { on: false });
  expect(await stage.attempt(passId)).toMatchObject({
    status: 'succeeded',
    reason: 'start_reached',
    videosFound: 25n,
    parkedUntil: null,
  });
});

test('an index that is never made ends the pass, which says that nothing is lost', async () => {
  await stage.sandbox.control('search-indexing', { on: true, retry_secs: 0 });
  const passId = await stage.queuePass(ids.guild);
  expect(await stage.attempt(passId)).toMatchObject({ status: 'running' });
  expect(await stage.attempt(passId, { patience: { indexingSecs: 3600 } })).toMatchObject({
    status: 'running',
  });
  const ended = await stage.attempt(passId, { patience: { indexingSecs: 0 } });
  expect(ended).toMatchObject({ status: 'failed', reason: 'index_unavailable' });
  expect(ended.errorMessage).toMatch(/^index_unavailable: .*nothing is lost/);
});

test('the wait for an index is counted from the last page on', async () => {
  await stage.sandbox.control('search-indexing', { on: true });
  const passId = await stage.queuePass(ids.guild);
  await stage.attempt(passId);
  await db.query(
    sql`update index_passes set waiting_since = now() - interval '9 minutes' where id = ${passId}`,
  );
  expect(await stage.attempt(passId)).toMatchObject({ status: 'running' });
  await db.query(
    sql`update index_passes set waiting_since = now() - interval '11 minutes' where id = ${passId}`,
  );
  expect(await stage.attempt(passId)).toMatchObject({ status: 'failed', reason: 'index_unavailable' });
});

test('a long refusal parks the pass for as long as Discord asks', async () => {
  const fault = { route: SEARCH_ROUTE.slice(4), status: 429, headers: { 'retry-after': '1800' }, body: {} };
  await stage.sandbox.control('fail', fault);
  const passId = await stage.queuePass(ids.guild);
  expect(await stage.attempt(passId)).toMatchObject({ status: 'running' });
  expect(await jobWait(passId)).toBeGreaterThan(1700);
});

test.each([
  [403, { code: 50001, message: 'Missing Access' }, 'missing_access'],
  [404, { code: 10004, message: 'Unknown Guild' }, 'guild_gone'],
  [400, { code: 50035, message: 'Invalid Form Body' }, 'index_unavailable'],
])('a search answered with %i fails the pass', async (status, body, reason) => {
  await stage.sandbox.control('fail', { route: SEARCH_ROUTE.slice(4), status, body });
  expect(await stage.pass(ids.guild)).toMatchObject({ status: 'failed', reason });
});

test('an outage is waited for, but not for ever', async () => {
  await stage.sandbox.control('fail', { route: SEARCH_ROUTE.slice(4), status: 502, count: 1_000 });
  const limits = { retryFirstMs: 1, retryMaxMs: 1 };
  const { apiUrl, token } = stage.sandbox;
  const signal = new AbortController().signal;
  const rest = createDiscordRest({ apiUrl, token, log: createLogger('fatal'), signal, limits });
  try {
    const passId = await stage.queuePass(ids.guild);
    expect(await stage.attempt(passId, { rest })).toMatchObject({ status: 'running' });
    expect(await jobWait(passId)).toBeGreaterThan(5);
    const ended = await stage.attempt(passId, { rest, patience: { outageSecs: 0 } });
    expect(ended).toMatchObject({ status: 'failed', reason: 'index_unavailable' });
  } finally {
    await rest.close();
  }
});

test('an index that tells nothing because content is withheld is not believed', async () => {
  await stage.sandbox.control('intents', { message_content: false });
  expect(await stage.pass(ids.guild)).toMatchObject({ status: 'failed', reason: 'no_content_intent' });
});

test('without the permission to read histories the pass fails', async () => {
  const role_id = ids.guild;
  await stage.sandbox.control('update-role', {
    guild_id: ids.guild,
    role_id,
    permissions: String(PermissionFlagsBits.ViewChannel),
  });
  expect(await stage.pass(ids.guild)).toMatchObject({ status: 'failed', reason: 'missing_access' });
});

/** A client that counts its searches and is told of each before it is sent. */
function restWith(onSearch: (nth: number) => void | Promise<void>): DiscordRest {
  let count = 0;
  return new Proxy(stage.rest, {
    get(rest, name) {
      const member = Reflect.get(rest, name, rest);
      if (typeof member !== 'function') return member;
      if (name !== 'searchMessages') return member.bind(rest);
      return async (...args: unknown[]) => {
        count += 1;
        await onSearch(count);
        return member.apply(rest, args);
      };
    },
  });
}

test('stopped anywhere, the next attempt goes on where the last page was committed', async () => {
  await stage.sandbox.control('search-flaws', { most_hits: 4 });
  const passId = await stage.queuePass(ids.guild);
  const first = new AbortController();
  const stopped = await stage.attempt(passId, {
    rest: restWith((nth) => {
      if (nth === 4) first.abort();
    }),
    signal: first.signal,
  });
  expect(stopped).toMatchObject({
    status: 'running',
    pages: 3n,
    videosFound: 12n,
    nextMaxId: messageId(130),
  });
  expect(await jobWait(passId)).toBeLessThanOrEqual(0);
  await stage.sandbox.control('reset-stats');
  expect(await stage.attempt(passId)).toMatchObject({ status: 'succeeded', videosFound: 25n });
  expect(await stage.requests(SEARCH_ROUTE)).toBeLessThan(4 + 5);
});

test('canceled, it commits nothing more', async () => {
  await stage.sandbox.control('search-flaws', { most_hits: 4 });
  const passId = await stage.queuePass(ids.guild);
  const pass = await stage.attempt(passId, {
    rest: restWith(async (nth) => {
      if (nth === 3) await db.transaction((tx) => cancelIndexPasses(tx, ids.guild, 'canceled'));
    }),
  });
  expect(pass).toMatchObject({ status: 'canceled', reason: 'canceled', pages: 2n, videosFound: 8n });
  expect(await stage.shownVideos(ids.guild)).toHaveLength(8);
  expect(await stage.attempt(passId)).toMatchObject({ status: 'canceled', pages: 2n });
});

test('taken over by another worker, the former commits nothing more', async () => {
  await stage.sandbox.control('search-flaws', { most_hits: 4 });
  const passId = await stage.queuePass(ids.guild);
  let second: Promise<unknown> | undefined;
  await stage.attempt(passId, {
    rest: restWith(async (nth) => {
      if (nth !== 3) return;
      second = stage.attempt(passId);
      await waitFor(async () => (await getIndexPass(db, passId))?.status === 'succeeded');
    }),
  });
  await second;
  expect(await getIndexPass(db, passId)).toMatchObject({ status: 'succeeded', videosFound: 25n });
  expect(await stage.shownVideos(ids.guild)).toHaveLength(25);
});

test('pages that are short, repeat messages and count wrongly lead to the end all the same', async () => {
  for (const total_error of [-1000, 1000]) {
    await stage.sandbox.control('search-flaws', { total_error, most_hits: 5, repeats: 3 });
    expect(await stage.pass(ids.guild)).toMatchObject({ status: 'succeeded', reason: 'start_reached' });
    expect(await stage.shownVideos(ids.guild)).toHaveLength(25);
  }
  await stage.sandbox.control('search-flaws', { most_hits: 3, repeats: 3 });
  await db.query(sql`delete from videos`);
  expect(await stage.pass(ids.guild)).toMatchObject({ status: 'succeeded', videosFound: 25n });
});

test('a guild in which nothing is read has no pass', async () => {
  await db.query(sql`update bot_channels set is_reading = false`);
  await expect(stage.queuePass(ids.guild)).rejects.toThrow('nothing_to_read');
  await expect(stage.queuePass('999')).rejects.toThrow('guild_unknown');
});

test('reading that is switched off while a pass waits is seen when it goes on', async () => {
  const passId = await stage.queuePass(ids.guild);
  await db.query(sql`update bot_channels set is_reading = false where channel_id = ${ids.general}`);
  expect(await stage.attempt(passId)).toMatchObject({ status: 'succeeded', videosFound: 0n });
  const another = await stage.queuePass(ids.guild);
  await db.query(sql`update bot_channels set is_reading = false`);
  expect(await stage.attempt(another)).toMatchObject({ status: 'succeeded', reason: 'nothing_to_read' });
});

test('age-restricted channels are searched only where scan_nsfw says so', async () => {
  expect(await stage.pass(ids.guild)).toMatchObject({ videosFound: 25n });
  await mergeGuildSettings(db, ids.guild, { scan_nsfw: true });
  expect(await stage.pass(ids.guild)).toMatchObject({ videosFound: 0n }); // opened, but not read
  await db.query(sql`update bot_channels set is_reading = true where channel_id = ${ids.restricted}`);
  expect(await stage.pass(ids.guild)).toMatchObject({ videosFound: 1n });
});

test('files that Discord takes for no video are found by the extensions that the settings name', async () => {
  const file = { clip: 'test-card.mp4', filename: 'dump.m2v', content_type: 'application/octet-stream' };
  const post = { channel_id: ids.general, author_id: ids.member, files: [file] };
  await stage.sandbox.control('post', post);
  expect(await stage.pass(ids.guild)).toMatchObject({ videosFound: 25n });
  await mergeGuildSettings(db, ids.guild, { video_formats: ['mp4', 'm2v'] });
  expect(await stage.pass(ids.guild)).toMatchObject({ videosFound: 1n });
});

test('a pass whose job was lost gets another one, which goes no earlier', async () => {
  const passId = await stage.queuePass(ids.guild);
  const readPriority = () =>
    db.query(sql`select priority from graphile_worker.jobs where key = ${`index_guild:${passId}`}`);
  const priority = await readPriority();
  const { revive_scan_runs } = housekeepingJobs({
    ...{ db, clock: systemClock, log: createLogger('fatal'), departedGuildGraceDays: 30, runHistoryDays: 30 },
  });
  await db.query(sql`select graphile_worker.remove_job(${`index_guild:${passId}`})`);
  expect(await jobWait(passId)).toBeNull();
  await revive_scan_runs();
  expect(await jobWait(passId)).toBeLessThanOrEqual(0);
  expect(await readPriority()).toEqual(priority);
});
