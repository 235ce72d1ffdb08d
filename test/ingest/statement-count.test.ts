import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, type Sql, sql } from '../../src/db/database.ts';
import { applyEvents } from '../../src/ingest/apply-events.ts';
import { newId } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aMessage, BOT_ID, OWNER_ID } from '../support/other-discord-payloads.ts';

const MANY = 1_000; // channels of one guild; more than one statement's batch
const BATCHES = 2 * 3; // statements that further batches of runs, with their jobs, may add

const shard = {
  shardId: 0,
  shardCount: 1,
  botUserId: BOT_ID,
  sessionId: 's1',
  readsJoinedBefore: Number.POSITIVE_INFINITY,
};
const permissions = '66560'; // to see, and to read the history

let testDatabase: TestDatabase;
let db: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
});
afterAll(() => testDatabase.close());

/** Applies one event, and answers how many statements that took. */
async function countStatements(type: string, data: object): Promise<number> {
  let count = 0;
  const event = { op: 0, s: 1, t: type, d: data } as unknown as GatewayDispatchPayload;
  await db.transaction((tx) =>
    applyEvents(
      {
        ...tx,
        query<Row extends object>(statement: Sql) {
          count += 1;
          return tx.query<Row>(statement);
        },
      },
      [event],
      shard,
    ),
  );
  return count;
}

/** How many statements the life of a guild takes, event by event. */
async function liveThrough(channelCount: number) {
  const guildId = newId();
  const everyone = { id: guildId, name: '@everyone', permissions, position: 0 };
  const channels = Array.from({ length: channelCount }, () => ({ id: newId(), type: 0, name: 'room' }));
  const guild = (news: (place: number) => string | null) => ({
    ...{ id: guildId, name: 'Testers', icon: null, owner_id: OWNER_ID, threads: [], roles: [everyone] },
    members: [{ user: { id: BOT_ID }, roles: [] }],
    channels: channels.map((channel, place) => ({ ...channel, last_message_id: news(place) })),
  });
  const first = newId();
  const met = await countStatements(
    'GUILD_CREATE',
    guild(() => first),
  );
  const queued = await finishRuns(guildId);
  const again = await countStatements(
    'GUILD_CREATE',
    guild(() => first),
  );
  const asked = await finishRuns(guildId);
  for (const { id } of channels.slice(0, 1)) await countStatements('MESSAGE_CREATE', aMessage(id, newId()));
  const role = { guild_id: guildId, role: { ...everyone, permissions: '0' } };
  const closed = await countStatements('GUILD_ROLE_UPDATE', role);
  const opened = await countStatements('GUILD_ROLE_UPDATE', { ...role, role: everyone });
  const later = newId();
  const missed = await countStatements(
    'GUILD_CREATE',
    guild(() => later),
  );
  return {
    queued,
    asked,
    caughtUp: await finishRuns(guildId),
    statements: { met, again, closed, opened, missed },
  };
}

/** Ends what is queued as if it had been walked; answers how many runs that were. */
async function finishRuns(guildId: string): Promise<number> {
  const rows = await db.query<{ channel_id: string }>(sql`
    delete from bot_channel_scan_runs r using bot_channels c
    where c.channel_id = r.channel_id and c.guild_id = ${guildId} and r.status = 'queued'
    returning r.channel_id`);
  const ids = rows.map((row) => row.channel_id);
  await db.query(sql`
    insert into bot_channel_scan_runs (channel_id, status, started_at, finished_at)
    select unnest(${ids}::text[]), 'succeeded', now(), now()`);
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned)
    select channel_id, int8multirange(int8range(1, newest_message_id + 1)) from channel_access
    where channel_id = any(${ids}::text[])
    on conflict (channel_id) do update set scanned = scan_coverage.scanned + excluded.scanned`);
  return ids.length;
}

test('what happens to a guild takes as many statements with a thousand channels as with three', async () => {
  const few = await liveThrough(3);
  const many = await liveThrough(MANY);
  expect(many).toMatchObject({ queued: MANY, asked: 0, caughtUp: MANY });
  for (const [event, count] of Object.entries(many.statements)) {
    const expected = few.statements[event as keyof typeof few.statements];
    expect({ event, isBounded: count <= expected + BATCHES, expected, count }).toMatchObject({
      isBounded: true,
    });
  }
  expect(many.statements.again).toBe(few.statements.again);
  expect(many.statements.closed).toBe(few.statements.closed);
});
