import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createSession } from '../../src/access/sessions.ts';
import { sql } from '../../src/db/database.ts';
import { upsertGuild } from '../../src/db/guilds.ts';
import { ensureUser } from '../../src/db/users.ts';
import type { Run, Video } from '../../src/http/contract.ts';
import { EventReader } from '../support/event-reader.ts';
import { fastClock } from '../support/fast-clock.ts';
import { TestBrowser } from '../support/test-browser.ts';
import { waitFor } from '../support/wait-for.ts';
import { ids, snowflakeOf } from './fixtures/library.ts';
import { type LibraryServer, startLibraryServer } from './fixtures/library-server.ts';

const MINUTE_MS = 60_000;
const HURRY = 20; // times faster than the stream's own waits
const memberId = '300000000000000011';

let server: LibraryServer;
beforeAll(async () => {
  server = await startLibraryServer();
});
afterAll(() => server.close());

async function follow(browser = server.browser, headers: Record<string, string> = {}): Promise<EventReader> {
  const response = await browser.get('/api/events', headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = new EventReader(response);
  onTestFinished(() => reader.close().catch(() => {}));
  return reader;
}

/** Changes something now and again until it is heard of: the first look of a feed only learns what there is. */
async function hear(reader: EventReader, event: string, change: () => Promise<void>) {
  await change();
  const heard = reader.nextOf(event);
  const again = setInterval(() => void change(), 500);
  return heard.finally(() => clearInterval(again));
}

async function readToEnd(reader: EventReader): Promise<void> {
  while ((await reader.next()) !== null);
}

let posted = 0;
async function post(channelId: string, guildId: string): Promise<string> {
  posted += 1;
  const id = snowflakeOf(Date.parse('2025-06-01T00:00:00Z') + posted);
  await server.database.db.query(sql`
    insert into videos (message_id, id, channel_id, guild_id, posted_at, filename, source, url, found_by)
    values (${id}, ${id}, ${channelId}, ${guildId}, now(), 'new.mp4', 'attachment', 'https://cdn.example/new.mp4', 'live')`);
  return id;
}

/** Somebody who sees one channel, as of now. */
async function logMemberIn(): Promise<TestBrowser> {
  const { db } = server.database;
  await ensureUser(db, memberId);
  await db.query(
    sql`insert into viewers (user_id, guilds_read_at) values (${memberId}, now()) on conflict do nothing`,
  );
  await db.query(sql`
    insert into viewer_guilds (user_id, guild_id, name, is_owner, permissions)
    values (${memberId}, ${ids.guild}, 'Harbour Skate Club', false, 0) on conflict do nothing`);
  await db.query(sql`
    insert into member_roles (guild_id, user_id, role_ids) values (${ids.guild}, ${memberId}, '{}')
    on conflict (guild_id, user_id) do update set read_at = now()`);
  await db.query(sql`
    insert into viewer_channels (user_id, guild_id, channel_ids, can_manage, access_version, valid_until)
    select ${memberId}, ${ids.guild}, array[${ids.clips}], false, coalesce(max(version), 0), now() + interval '4 minutes'
    from guild_access_versions where guild_id = ${ids.guild}
    on conflict (user_id, guild_id) do update set
      valid_until = excluded.valid_until, access_version = excluded.access_version`);
  const life = { days: 30, idleDays: 7 };
  const { secret } = await createSession(db, { userId: memberId, userAgent: null, life });
  const browser = new TestBrowser(server.url);
  browser.setCookie('clipdex-session', secret);
  return browser;
}

test('a video that is found, a run that moves and a guild that changes are told within seconds', async () => {
  const { db } = server.database;
  const reader = await follow();
  let newest = '';
  const video = await hear(reader, 'video', async () => {
    newest = await post(ids.clips, ids.guild);
  });
  expect((video.data as Video).channelId).toBe(ids.clips);
  expect(newest).not.toBe('');
  const [run] = await db.query<{ id: string }>(sql`
    insert into bot_channel_scan_runs (channel_id, status, started_at)
    values (${ids.highlights}, 'running', now()) returning id`);
  expect((await reader.nextOf('run')).data as Run).toMatchObject({ id: run?.id, status: 'running' });
  await db.query(sql`
    update bot_channel_scan_runs set status = 'succeeded', finished_at = now() where id = ${run?.id}`);
  expect((await reader.nextOf('run')).data as Run).toMatchObject({ id: run?.id, status: 'succeeded' });
  await upsertGuild(db, { id: ids.guild, name: 'Harbour Skaters', icon: null, ownerUserId: null });
  expect((await reader.nextOf('guild')).data).toEqual({ id: ids.guild });
});

test('a stream tells each what they see, and nothing else', async () => {
  const member = await follow(await logMemberIn());
  await hear(member, 'video', async () => {
    await post(ids.other, ids.otherGuild);
    await post(ids.highlights, ids.guild);
    await post(ids.clips, ids.guild);
  }).then((told) => expect((told.data as Video).channelId).toBe(ids.clips));
  await upsertGuild(server.database.db, { id: ids.otherGuild, name: 'Tea', icon: null, ownerUserId: null });
  await server.database.db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status, started_at, finished_at)
    values (${ids.highlights}, 'failed', now(), now()), (${ids.clips}, 'failed', now(), now())`);
  const told = await member.nextOf('run');
  expect((told.data as Run).channelId).toBe(ids.clips);
});

/** Everything that is told until this video, which must come. */
async function videosUntil(reader: EventReader, messageId: string): Promise<string[]> {
  const told: string[] = [];
  while (told.at(-1) !== messageId) {
    const { data } = await reader.nextOf('video');
    told.push((data as Video).messageId);
  }
  return told;
}

test('a stream goes on where the one before it ended', async () => {
  const reader = await follow();
  await hear(reader, 'video', async () => {
    await post(ids.clips, ids.guild);
  });
  const heardUntil = await reader.nextId();
  await reader.close();
  const missed = await post(ids.clips, ids.guild);
  const next = await follow(server.browser, { 'last-event-id': heardUntil });
  await videosUntil(next, missed);
});

test('who has heard of nothing yet knows where to go on from, too', async () => {
  const reader = await follow();
  const heardUntil = await reader.nextId();
  await reader.close();
  const missed = await post(ids.clips, ids.guild);
  const next = await follow(server.browser, { 'last-event-id': heardUntil });
  await videosUntil(next, missed);
});

test('who is cut off among the events of one look hears of all of them when it comes back', async () => {
  await makeOld(server);
  const heardUntil = new Date(Date.now() - 4 * MINUTE_MS).toISOString().replace('Z', '000Z');
  const missed: string[] = [];
  while (missed.length < 20) missed.push(await post(ids.clips, ids.guild));
  await server.database.db.query(sql`
    update videos set found_at = now() - interval '2 minutes' where message_id = any (${missed}::bigint[])`);
  const cut = await follow(server.browser, { 'last-event-id': heardUntil });
  await cut.nextOf('video');
  await cut.close();
  const next = await follow(server.browser, { 'last-event-id': cut.lastEventId ?? heardUntil });
  const told = await videosUntil(next, missed.at(-1) ?? '');
  expect(told).toEqual(expect.arrayContaining(missed));
});

test('who was away for long asks for everything anew, and what is no id is passed over', async () => {
  const late = await follow(server.browser, { 'last-event-id': '2024-01-01T00:00:00.000000Z' });
  expect((await late.next())?.event).toBe('reset');
  const odd = await follow(server.browser, { 'last-event-id': "'; drop table videos --" });
  await hear(odd, 'video', async () => {
    await post(ids.clips, ids.guild);
  });
});

/** So that none of the library's videos is news. */
async function makeOld({ database }: LibraryServer): Promise<void> {
  await database.db.query(sql`update videos set found_at = now() - interval '1 hour'`);
}

/** As a transaction that began earlier and commits now leaves them: below what was told meanwhile. */
async function postLate(count: number, { db } = server.database): Promise<void> {
  const first = BigInt(snowflakeOf(Date.parse('2025-07-01T00:00:00Z') + posted));
  posted += 1;
  await db.query(sql`
    insert into videos (message_id, id, channel_id, guild_id, posted_at, filename, source, url, found_by, found_at)
    select ${first}::bigint + n, (${first}::bigint + n)::text, ${ids.clips}, ${ids.guild}, now(), 'late.mp4', 'attachment',
      'https://cdn.example/late.mp4', 'history', now() - interval '3 seconds'
    from generate_series(1, ${count}::integer) n`);
}

test('who has heard of some videos of a look that is full hears that others may be missing', async () => {
  await makeOld(server);
  const reader = await follow();
  await hear(reader, 'video', async () => {
    await post(ids.clips, ids.guild);
  });
  await postLate(150);
  await reader.nextOf('reset');
});

test('who is cut off before it was told that others may be missing is told when it comes back', async () => {
  await makeOld(server);
  const reader = await follow();
  await hear(reader, 'video', async () => {
    await post(ids.clips, ids.guild);
  });
  await postLate(150);
  await reader.nextOf('reset');
  const heardUntil = await reader.nextId();
  await postLate(150); // the next reset is told ten seconds after the first
  await reader.nextOf('video');
  await reader.close();
  expect(reader.lastEventId).toBe(heardUntil);
  const next = await follow(server.browser, { 'last-event-id': heardUntil });
  await next.nextOf('reset');
});

test('however many looks are full, that is told now and then only', async () => {
  const hurry = 5; // so that looks are many times as frequent as resets on a slow machine too
  const other = await startLibraryServer({ clock: fastClock(hurry) });
  onTestFinished(() => other.close());
  await makeOld(other);
  const reader = new EventReader(await other.browser.get('/api/events'));
  let posting = Promise.resolve();
  const again = setInterval(() => {
    posting = posting.then(() => postLate(150, other.database));
  }, 50);
  await reader.nextOf('reset');
  const toldAt = performance.now();
  await reader.nextOf('reset');
  const pauseMs = performance.now() - toldAt;
  clearInterval(again);
  await posting;
  await reader.close();
  expect(pauseMs).toBeGreaterThan(5_000 / hurry); // ten seconds, less what the first one was on its way
});

test('who missed more runs than are told of one by one asks for everything anew', async () => {
  await server.database.db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status, started_at, finished_at)
    select ${ids.clips}, 'succeeded', now(), now() from generate_series(1, 1_100)`);
  const lately = new Date(Date.now() - 5_000).toISOString().replace('Z', '000Z');
  const reader = await follow(server.browser, { 'last-event-id': lately });
  expect((await reader.next())?.event).toBe('reset');
});

test('who follows while more runs move than are told of one by one hears that some are missing', async () => {
  const reader = await follow();
  await server.database.db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status, started_at, finished_at)
    select ${ids.clips}, 'succeeded', now(), now() - interval '6 seconds' from generate_series(1, 1_100)`);
  await reader.nextOf('reset');
});

test('nobody follows without being logged in, nor with more tabs than anybody has', async () => {
  expect((await new TestBrowser(server.url).get('/api/events')).status).toBe(401);
  const browser = await logMemberIn();
  await Promise.all(Array.from({ length: 10 }, () => follow(browser)));
  const eleventh = await browser.get('/api/events');
  expect(eleventh.status).toBe(429);
  expect(eleventh.headers.get('retry-after')).not.toBeNull();
});

test('a stream shows that it lives and how far it is while nothing happens, and ends with its session', async () => {
  const other = await startLibraryServer({ clock: fastClock(HURRY) });
  onTestFinished(() => other.close());
  const reader = new EventReader(await other.browser.get('/api/events'));
  const began = await reader.nextId();
  const ended = readToEnd(reader);
  await waitFor(async () => reader.comments > 0 && (reader.lastEventId ?? '') > began);
  await other.database.db.query(sql`delete from sessions`);
  await ended;
});

test('a server that closes ends its streams', async () => {
  const other = await startLibraryServer();
  onTestFinished(() => other.close());
  const response = await other.browser.get('/api/events');
  const reader = new EventReader(response);
  const ended = readToEnd(reader).catch(() => {}); // the connection may be cut
  await other.closeWeb();
  await ended;
});
