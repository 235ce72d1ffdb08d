import { ComponentType } from 'discord-api-types/v10';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { enqueueScan } from '../../src/jobs/enqueue-scan.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import type { WorldChannel, WorldMessage } from '../../src/sandbox/world.ts';
import { worldSummary } from '../../src/sandbox/world-summary.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  type RunningProgram,
  startProgram,
  startTestSandbox,
  type TestSandbox,
  untilScanned,
} from '../support/program.ts';

let testDatabase: TestDatabase;
let db: Database;
let sandbox: TestSandbox;
let program: RunningProgram;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
  sandbox = await startTestSandbox(generateWorld(42));
  program = await startProgram(testDatabase.url, sandbox);
  await untilScanned(db, worldSummary(sandbox.world).guildsWithBot);
}, 90_000);
afterAll(async () => {
  await program?.stop();
  await sandbox?.close();
  await testDatabase?.close();
});

/** What is to be found in a channel, worked out the simplest way. */
function expectedIn({ channel, messages }: WorldChannel): string[] {
  return messages.flatMap((message) => {
    const forwards = (message.message_snapshots ?? []).map((snapshot) => snapshot.message);
    return [
      ...keysIn(message, message.id),
      ...forwards.flatMap((forward, index) => keysIn(forward, `${message.id}-s${index}`)),
    ].map((key) => `${channel.id} ${message.id} ${key}`);
  });
}

function keysIn({ attachments, embeds = [], components = [] }: Partial<WorldMessage>, key: string): string[] {
  const files = (attachments ?? [])
    .filter((file) => ((file.flags ?? 0) & 2) === 0)
    .filter((file) => /\.(mp4|webm|mov|m4v|mkv|avi)$/i.test(file.filename))
    .filter((file) => file.content_type === undefined || file.content_type.startsWith('video/'));
  const media = components.flatMap((component) => {
    if (component.type === ComponentType.MediaGallery) return component.items.map((item) => item.media);
    return component.type === ComponentType.File ? [component.file] : [];
  });
  return [
    ...files.map((file) => file.id),
    ...embeds.flatMap((embed, index) => (embed.video ? [`${key}-e${index}`] : [])),
    ...media.flatMap(({ url }, index) => (url.startsWith('attachment:') ? [] : [`${key}-c${index}`])),
  ];
}

async function channelsWithRuns() {
  return db.query<{ id: string; status: string; message_count: string; scanned_ids: boolean }>(sql`
    select c.channel_id as id, r.status, c.message_count
    from bot_channels c join bot_channel_scan_runs r on r.channel_id = c.channel_id`);
}

test('every channel that the bot can read was scanned, and no other', async () => {
  const { readableForAll } = worldSummary(sandbox.world);
  const runs = await channelsWithRuns();
  expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['succeeded']));
  const threads = await db.query(sql`
    select from bot_channels where type like '%thread' and is_reading`);
  expect(threads.length).toBeGreaterThan(0);
  expect(runs.length).toBeLessThanOrEqual(readableForAll.channels);
});

test('all videos of the scanned channels are there, each once, and nothing else', async () => {
  const channels = new Map([...sandbox.world.guilds.values()].flatMap((guild) => [...guild.channels]));
  const runs = await channelsWithRuns();
  const expected = runs.flatMap(({ id }) => expectedIn(channels.get(id) as WorldChannel)).sort();
  const stored = await db.query<{ line: string }>(sql`
    select channel_id || ' ' || message_id || ' ' || id as line from videos where deleted_at is null and is_video`);
  expect(expected.length).toBeGreaterThan(400);
  expect(stored.map((row) => row.line).sort()).toEqual(expected);
});

test('counters, cursor and coverage say exactly what was read', async () => {
  const channels = new Map([...sandbox.world.guilds.values()].flatMap((guild) => [...guild.channels]));
  const rows = await db.query<{ id: string; count: string; last: string | null; covered: string[] }>(sql`
    select c.channel_id as id, c.message_count as count, c.last_message_id as last, s.scanned::text as scanned
    from bot_channels c join covered_ids s on s.channel_id = c.channel_id`);
  for (const row of rows) {
    const messages = channels.get(row.id)?.messages ?? [];
    expect([row.id, row.count]).toEqual([row.id, String(messages.length)]);
    expect(row.last).toBe(messages.at(-1)?.id ?? null);
  }
  const uncovered = await db.query(sql`
    select from videos v join covered_ids s on s.channel_id = v.channel_id where not s.scanned @> v.message_id`);
  expect(uncovered).toHaveLength(0);
});

test('age-restricted channels, and those whose history is closed to the bot, are left alone', async () => {
  const restricted = await db.query<{ is_reading: boolean; message_count: string }>(sql`
    select is_reading, message_count from bot_channels where is_nsfw`);
  expect(restricted.length).toBeGreaterThan(0);
  expect(restricted.every((row) => !row.is_reading && row.message_count === '0')).toBe(true);
});

test('a second scan of a complete channel costs one request', async () => {
  const [channel] = await db.query<{ id: string }>(sql`
    select channel_id as id from bot_channels order by message_count desc limit 1`);
  await sandbox.control('reset-stats');
  await db.transaction((tx) => enqueueScan(tx, { channelId: channel?.id ?? '', requestedBy: 'person' }));
  await untilScanned(db, worldSummary(sandbox.world).guildsWithBot);
  expect(Object.entries(await sandbox.requests())).toEqual([['GET /channels/:channel/messages', 1]]);
});
