import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetAwaitingOpening, noteAwaitingOpening } from '../../src/db/age-restriction.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { type GatewaySession, getGatewaySession, saveGatewaySession } from '../../src/db/gateway-sessions.ts';
import { markGuildDeparted } from '../../src/db/guild-departures.ts';
import { housekeepingJobs } from '../../src/jobs/housekeeping.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { addChannel, addGuild } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const context = { signal: new AbortController().signal };

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.close());

function openJobs() {
  const config = { departedGuildGraceDays: 30, runHistoryDays: 365 };
  return housekeepingJobs({ db, clock: systemClock, log: createLogger('silent'), ...config });
}

async function addVideo(guildId: string, authorId: number): Promise<string> {
  const channelId = await addChannel(db, { guildId });
  await db.query(sql`insert into authors (id, username) values (${authorId}, 'ada') on conflict do nothing`);
  await db.query(sql`
    insert into videos (message_id, id, channel_id, guild_id, author_id, posted_at, filename, source, url, found_by)
    values (${channelId}, ${channelId}, ${channelId}, ${guildId}, ${authorId}, now(), 'a.mp4', 'attachment', 'https://cdn.example/a', 'live')`);
  return channelId;
}

test('all guilds that are gone for long go in one run of the job, however many, and the authors that only they had', async () => {
  const kept = await addGuild(db);
  await addVideo(kept, 1);
  for (let nth = 0; nth < 5; nth += 1) {
    const guildId = await addGuild(db);
    await addVideo(guildId, 1);
    await addVideo(guildId, 2);
    await markGuildDeparted(db, guildId);
  }
  await db.query(sql`update guild_departures set departed_at = now() - interval '31 days'`);
  const jobs = openJobs();
  expect(await jobs.delete_unused_authors({}, context)).toEqual({ authors: 0 });
  expect(await jobs.delete_departed_guilds({}, context)).toEqual({ guilds: 5 });
  expect(await jobs.delete_unused_authors({}, context)).toEqual({ authors: 1 });
  expect(await db.query(sql`select id from authors`)).toEqual([{ id: '1' }]);
  expect(await jobs.delete_unused_authors({}, context)).toEqual({ authors: 0 });
});

test('of a bot that is connected with another number of shards, former sessions are forgotten', async () => {
  const bot = { apiUrl: 'https://discord.example', botUserId: '9' };
  const session = { ...bot, shardId: 0, sessionId: 'a', resumeUrl: 'wss://discord.example', sequence: 7 };
  const save = (changes: Partial<GatewaySession> & { shardCount: number }) =>
    saveGatewaySession(db, { ...session, ...changes }, 1);
  await save({ shardCount: 2 });
  await save({ shardCount: 2, shardId: 1 });
  await save({ shardCount: 2, botUserId: '10' });
  await save({ shardCount: 1, sessionId: 'b' });
  const found = (changes: Partial<GatewaySession>) =>
    getGatewaySession(db, { ...bot, shardId: 0, ...changes }, 1).then((one) => one?.sessionId);
  expect(await Promise.all([found({}), found({ shardId: 1 }), found({ botUserId: '10' })])).toEqual([
    'b',
    undefined,
    'a',
  ]);
});

test('who decides about a channel decides about its threads, and about a category for nothing in it', async () => {
  const guildId = await addGuild(db);
  const category = await addChannel(db, { guildId, type: 'category' });
  const channel = await addChannel(db, { guildId, parentId: category });
  const thread = await addChannel(db, { guildId, type: 'public_thread', parentId: channel });
  await noteAwaitingOpening(db, [channel, thread]);
  const awaiting = async () => {
    const rows = await db.query<{ id: string }>(sql`
      select channel_id as id from channel_access where awaits_opening order by channel_id`);
    return rows.map((row) => row.id);
  };
  await forgetAwaitingOpening(db, [category]);
  expect(await awaiting()).toEqual([channel, thread]);
  await forgetAwaitingOpening(db, [channel]);
  expect(await awaiting()).toEqual([]);
});
