import { PermissionFlagsBits as bits } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { compareSnowflakes } from '../../src/discord/snowflake.ts';
import { ids } from '../sandbox/small-world.ts';
import { openThreadStage } from '../support/thread-stage.ts';
import { waitFor } from '../support/wait-for.ts';

const MANY = 10_000;
const PAGE = 100;
/** Channels that hold threads and whose history the bot can read: general and the forum. */
const READABLE_PARENTS = 2;

test('10,000 archived threads cost a call per hundred once, and then one call per channel', {
  timeout: 120_000,
}, async () => {
  await using stage = await openThreadStage();
  const posts = await stage.makeArchived(ids.forum, MANY, { step_ms: 1000 });
  await stage.control('reset-stats');
  await stage.list();
  const first = await stage.requests();
  expect(first.public).toBeGreaterThanOrEqual(MANY / PAGE);
  expect(first.public).toBeLessThanOrEqual((MANY / PAGE) * 1.02 + READABLE_PARENTS);
  expect(first.active).toBe(1);
  const rows = await stage.threadsOf(ids.forum);
  expect(rows.map((row) => row.id)).toEqual([...posts, ids.forumThread].sort(compareSnowflakes));
  expect(rows.every((row) => row.isReading && row.status === 'queued')).toBe(true);

  await stage.finishRuns();
  const runs = await stage.countRuns();
  await stage.control('reset-stats');
  await stage.list();
  expect(await stage.requests()).toEqual({ active: 0, public: 0, private: 0, joined: 0, channels: 0 });
  await stage.scanGuild();
  expect(await stage.requests()).toEqual({
    active: 1,
    public: READABLE_PARENTS,
    private: 0,
    joined: 0,
    channels: 0,
  });
  expect(await stage.countRuns()).toBe(runs);
});

test('a restart without news asks for no threads; one with news only where they may be', async () => {
  await using stage = await openThreadStage();
  await stage.makeArchived(ids.general, 3);
  await stage.list();
  await stage.finishRuns();
  await stage.stopGateway();
  await stage.control('reset-stats');
  await stage.stopGateway(await stage.startNewSession());
  await stage.list();
  expect(await stage.requests()).toEqual({ active: 0, public: 0, private: 0, joined: 0, channels: 0 });

  await stage.control('update-thread', { channel_id: ids.forumThread, archived: true });
  const [made] = await stage.makeArchived(ids.general, 1);
  await stage.startNewSession();
  await stage.list();
  expect(await stage.requests()).toMatchObject({ active: 1, public: 1 });
  expect((await stage.threadsOf(ids.forum)).map((row) => row.isArchived)).toEqual([true]);
  // Nothing told of it, so it waits for the listing that the clock brings, or for somebody who asks.
  expect((await stage.threadsOf(ids.general)).map((row) => row.id)).not.toContain(made);
  await stage.listUnseen();
  expect((await stage.threadsOf(ids.general)).map((row) => row.id)).toContain(made);
  await stage.control('reset-stats');
  await stage.listUnseen();
  expect(await stage.requests()).toEqual({ active: 0, public: 0, private: 0, joined: 0, channels: 0 });
});

test('a listing that is cut off goes on where it was, and misses nothing that was archived meanwhile', async () => {
  await using stage = await openThreadStage();
  const posts = await stage.makeArchived(ids.forum, 1000);
  await stage.control('latency', { ms: 50 });
  for (const known of [250, 500, 750]) {
    const stop = new AbortController();
    const listing = stage.list(stop.signal).catch((error: unknown) => error);
    await waitFor(async () => (await stage.threadsOf(ids.forum)).length > known);
    stop.abort(new Error('killed'));
    expect(await listing).toBeInstanceOf(Error);
  }
  const later = await stage.makeArchived(ids.forum, 5, {
    archived_at: new Date(Date.now() + 1000).toISOString(),
  });
  await stage.control('reset-stats');
  await stage.list();
  const { public: pages } = await stage.requests();
  expect(pages).toBeLessThan(8);
  const rows = await stage.threadsOf(ids.forum);
  expect(rows.map((row) => row.id)).toEqual([...posts, ...later, ids.forumThread].sort(compareSnowflakes));
});

test('two listings at once read on from each other', async () => {
  await using stage = await openThreadStage();
  const posts = await stage.makeArchived(ids.forum, 600);
  await Promise.all([stage.list(), stage.list()]);
  expect((await stage.threadsOf(ids.forum)).map((row) => row.id)).toEqual(
    [...posts, ids.forumThread].sort(compareSnowflakes),
  );
  await stage.control('reset-stats');
  await stage.list();
  expect((await stage.requests()).public).toBe(0);
});

test('threads that were archived at the same moment are all listed, across the borders of pages', async () => {
  await using stage = await openThreadStage();
  const groups = ['2024-05-04T00:00:00.000Z', '2024-05-03T00:00:00.000Z', '2024-05-02T00:00:00.000Z'];
  const posts: string[] = [];
  for (const archived_at of groups) {
    posts.push(...(await stage.makeArchived(ids.forum, 70, { archived_at, step_ms: 0 })));
  }
  await stage.list();
  expect((await stage.threadsOf(ids.forum)).map((row) => row.id)).toEqual(
    [...posts, ids.forumThread].sort(compareSnowflakes),
  );
});

test('a thread that moves between active and archived is one row, and says where it stands', async () => {
  await using stage = await openThreadStage();
  const [post = ''] = await stage.makeArchived(ids.forum, 1);
  await stage.list();
  await stage.stopGateway();
  await stage.control('update-thread', { channel_id: post, archived: false });
  await stage.control('update-thread', { channel_id: ids.forumThread, archived: true });
  await stage.scanChannel(ids.forum);
  const stateOf = async () =>
    Object.fromEntries((await stage.threadsOf(ids.forum)).map((row) => [row.id, row.isArchived]));
  expect(await stateOf()).toEqual({ [post]: false, [ids.forumThread]: true });
  await stage.control('update-thread', { channel_id: post, archived: true });
  await stage.scanChannel(ids.forum);
  expect(await stateOf()).toEqual({ [post]: true, [ids.forumThread]: true });
});

test('of private threads those that the bot is in are listed, and all once it may manage threads', async () => {
  await using stage = await openThreadStage();
  const joined = await stage.makeArchived(ids.general, 130, { private: true, joined: true });
  const hidden = await stage.makeArchived(ids.general, 120, {
    private: true,
    archived_at: '2024-02-01T00:00:00Z',
  });
  await stage.list();
  const isListed = async (threadIds: string[]) => {
    const known = new Set((await stage.threadsOf(ids.general)).map((row) => row.id));
    return threadIds.filter((id) => known.has(id)).length;
  };
  expect([await isListed(joined), await isListed(hidden)]).toEqual([130, 0]);
  expect(await stage.refusalsOf(ids.general)).toEqual({ public: null, private: 'no_manage_threads' });
  expect(await stage.requests()).toMatchObject({ private: 0, joined: 2 });

  const permissions = String(bits.ViewChannel | bits.ManageThreads);
  await stage.control('update-role', { guild_id: ids.guild, role_id: ids.botRole, permissions });
  await waitFor(async () => {
    const rows = await stage.db.query(sql`
      select from guild_roles where role_id = ${ids.botRole} and permissions = ${permissions}`);
    return rows.length > 0;
  });
  await stage.list();
  expect(await isListed([...hidden, ids.archivedPrivateThread])).toBe(121);
  expect(await stage.refusalsOf(ids.general)).toEqual({ public: null, private: null });
});

test('a channel that the bot may not list does not stop the others, and is listed when permissions allow it', async () => {
  await using stage = await openThreadStage();
  const [closed = ''] = await stage.makeArchived(ids.noHistory, 1);
  const [open = ''] = await stage.makeArchived(ids.forum, 1);
  await stage.control('reset-stats');
  await stage.list();
  expect((await stage.threadsOf(ids.forum)).map((row) => row.id)).toContain(open);
  expect(await stage.refusalsOf(ids.noHistory)).toMatchObject({ public: 'no_history_permission' });
  expect(await stage.requests()).toMatchObject({ public: READABLE_PARENTS });

  await stage.control('overwrite', { channel_id: ids.noHistory, id: ids.guild, type: 'role' });
  await waitFor(async () => {
    const rows = await stage.db.query(sql`
      select from channel_access where channel_id = ${ids.noHistory} and overwrites = '[]'`);
    return rows.length > 0;
  });
  await stage.list();
  expect((await stage.threadsOf(ids.noHistory)).map((row) => row.id)).toEqual([closed]);
  expect(await stage.refusalsOf(ids.noHistory)).toMatchObject({ public: null });
});

test('a channel that comes into sight again is listed for what was archived in it meanwhile', async () => {
  await using stage = await openThreadStage();
  await stage.list();
  const isSeen = (can: boolean) =>
    waitFor(async () => {
      const rows = await stage.db.query(sql`
        select from channel_access where channel_id = ${ids.forum} and (overwrites = '[]') = ${can}`);
      return rows.length > 0;
    });
  const place = { channel_id: ids.forum, id: ids.guild, type: 'role' };
  await stage.control('overwrite', { ...place, deny: String(bits.ViewChannel) });
  await isSeen(false);
  const [post = ''] = await stage.makeArchived(ids.forum, 1);
  await stage.list();
  expect((await stage.threadsOf(ids.forum)).map((row) => row.id)).not.toContain(post);
  await stage.control('overwrite', place);
  await isSeen(true);
  await waitFor(async () => {
    const rows = await stage.db.query(sql`
      select from thread_lists where channel_id = ${ids.forum} and due_at is not null`);
    return rows.length > 0;
  });
  await stage.list();
  expect((await stage.threadsOf(ids.forum)).map((row) => row.id)).toContain(post);
});

test('what Discord refuses although permissions looked good is noted, and the others are listed', async () => {
  await using stage = await openThreadStage();
  const [post = ''] = await stage.makeArchived(ids.forum, 1);
  await stage.stopGateway();
  const deny = String(bits.ReadMessageHistory);
  await stage.control('overwrite', { channel_id: ids.general, id: ids.guild, type: 'role', deny });
  await stage.list();
  expect(await stage.refusalsOf(ids.general)).toEqual({
    public: 'missing_access',
    private: 'missing_access',
  });
  expect((await stage.threadsOf(ids.forum)).map((row) => row.id)).toContain(post);
});

test('a channel that is not read has its threads neither listed nor scanned', async () => {
  await using stage = await openThreadStage();
  await stage.makeArchived(ids.forum, 3);
  await stage.switchReading(ids.forum, false);
  expect(await stage.scanChannel(ids.forum)).toEqual({ ok: false, reason: 'channel_not_reading' });
  await stage.list();
  expect((await stage.threadsOf(ids.forum)).map((row) => row.id)).toEqual([ids.forumThread]);
  await stage.switchReading(ids.forum, true);
  await stage.list();
  expect(await stage.threadsOf(ids.forum)).toHaveLength(4);
});

test('archived threads without news are not scanned again when the reading of their channel is switched on', async () => {
  await using stage = await openThreadStage();
  await stage.makeArchived(ids.forum, 20);
  await stage.list();
  await stage.finishRuns();
  const off = await stage.switchReading(ids.forum, false);
  expect(off.switchedIds).toHaveLength(22);
  const on = await stage.switchReading(ids.forum, true);
  expect(on.switchedIds).toHaveLength(22);
  expect(on.queuedRunIds).toHaveLength(1); // of the thread that is active: nobody told what was posted there meanwhile
});

test('a thread that is archived while its channel is being listed is not missed', async () => {
  await using stage = await openThreadStage();
  await stage.stopGateway();
  const { channel_id: thread } = await stage.control('create-thread', {
    channel_id: ids.forum,
    name: 'restless',
    owner_id: ids.member,
  });
  await stage.control('latency', { ms: 200 });
  const listing = stage.list();
  await waitFor(async () => (await stage.requests()).active === 1);
  await stage.control('update-thread', { channel_id: thread, archived: true });
  await listing;
  const rows = await stage.threadsOf(ids.forum);
  expect(rows.filter((row) => row.id === thread)).toMatchObject([{ isArchived: true }]);
});

test('more threads of one moment than a page holds do not keep a listing from its end', async () => {
  await using stage = await openThreadStage();
  const older = await stage.makeArchived(ids.forum, 5, { archived_at: '2023-05-01T00:00:00Z' });
  await stage.makeArchived(ids.forum, 150, { archived_at: '2024-05-01T00:00:00Z', step_ms: 0 });
  await stage.list();
  const known = (await stage.threadsOf(ids.forum)).map((row) => row.id);
  expect(known).toEqual(expect.arrayContaining(older));
  expect(known.length).toBeGreaterThan(100);
});

test('only channels that hold threads can be asked for them', async () => {
  await using stage = await openThreadStage();
  expect(await stage.scanChannel(ids.voice)).toEqual({ ok: false, reason: 'channel_holds_no_threads' });
  expect(await stage.scanChannel(ids.restricted)).toEqual({ ok: false, reason: 'channel_age_restricted' });
  expect(await stage.scanChannel('1')).toEqual({ ok: false, reason: 'channel_unknown' });
});

test('threads are scanned when a person asks, also where auto_scan is off, and only those with news', async () => {
  await using stage = await openThreadStage();
  await stage.db.query(sql`
    update guild_settings set settings = settings || '{"auto_scan": false}' where guild_id = ${ids.guild}`);
  const [silent = ''] = await stage.makeArchived(ids.forum, 1, { messages: 0 });
  await stage.makeArchived(ids.forum, 4, { archived_at: '2024-05-01T00:00:00Z' });
  await stage.db.query(sql`delete from bot_channel_scan_runs`);
  await stage.list();
  expect(await stage.countRuns()).toBe(0);
  await stage.scanChannel(ids.forum);
  expect(await stage.countRuns()).toBe(6);
  await stage.finishRuns();
  await stage.scanChannel(ids.forum);
  expect(await stage.countRuns()).toBe(6);

  await stage.db.query(sql`
    update channel_access set newest_message_id = newest_message_id + 1000 where channel_id = ${ids.forumThread}`);
  await stage.scanChannel(ids.forum);
  expect(await stage.countRuns()).toBe(7);
  expect((await stage.threadsOf(ids.forum)).find((row) => row.id === silent)?.status).toBe('succeeded');
});

test('an active thread that was deleted while nobody listened goes here too', async () => {
  await using stage = await openThreadStage();
  await stage.list();
  await stage.stopGateway();
  await stage.control('delete-channel', { channel_id: ids.forumThread });
  await stage.startNewSession();
  await stage.list();
  expect(await stage.threadsOf(ids.forum)).toEqual([]);
});

test('a thread out of sight is asked for once, and is active again when Discord tells of it', async () => {
  await using stage = await openThreadStage();
  const bot = { channel_id: ids.privateThread, user_id: ids.bot };
  const isArchived = async () =>
    (await stage.threadsOf(ids.general)).find((row) => row.id === ids.privateThread)?.isArchived;
  await stage.control('join-thread', bot);
  await waitFor(async () => (await isArchived()) === false);
  await stage.stopGateway();

  await stage.control('leave-thread', bot);
  await stage.scanChannel(ids.general);
  expect(await isArchived()).toBe(true);
  await stage.control('reset-stats');
  await stage.scanChannel(ids.general);
  expect(await stage.requests()).toMatchObject({ active: 1, channels: 0 });

  await stage.control('join-thread', bot);
  await stage.scanChannel(ids.general);
  expect(await isArchived()).toBe(false);

  await stage.control('leave-thread', bot);
  await stage.scanChannel(ids.general);
  expect(await isArchived()).toBe(true);
  await stage.startNewSession();
  await stage.control('join-thread', bot);
  await waitFor(async () => (await isArchived()) === false);
});

test('a listing that Discord does not answer is tried again after growing waits', async () => {
  await using stage = await openThreadStage();
  await stage.stopGateway();
  const waits = [await stage.listUnanswered(), await stage.listUnanswered(), await stage.listUnanswered()];
  expect(waits).toEqual([15, 30, 60]);
});
