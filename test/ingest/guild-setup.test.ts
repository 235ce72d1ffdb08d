import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { isSetUp } from '../../src/db/pending-setups.ts';
import { setUpGuild } from '../../src/jobs/set-up-guild.ts';
import { switchReading } from '../../src/jobs/switch-reading.ts';
import { ids, smallWorld } from '../sandbox/small-world.ts';
import { createTestDatabase } from '../support/database.ts';
import { startProgram, startTestSandbox, type TestSandbox } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

let db: Database;
let databaseUrl: string;
let sandbox: TestSandbox;

beforeEach(async () => {
  const testDatabase = await createTestDatabase();
  db = testDatabase.db;
  databaseUrl = testDatabase.url;
  sandbox = await startTestSandbox(smallWorld());
  onTestFinished(async () => {
    await sandbox.close();
    await testDatabase.close();
  });
});

async function start(newGuilds: string) {
  const program = await startProgram(databaseUrl, sandbox, { NEW_GUILDS: newGuilds });
  onTestFinished(() => program.stop().catch(() => {}));
  return program;
}

async function channelsOf(guildId: string): Promise<{ id: string; isReading: boolean }[]> {
  return db.query(sql`
    select channel_id as id, is_reading as "isReading" from bot_channels where guild_id = ${guildId}`);
}

async function readIds(guildId: string): Promise<string[]> {
  return (await channelsOf(guildId)).filter((one) => one.isReading).map((one) => one.id);
}

async function countRuns(): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql`
    select count(*)::int as count from bot_channel_scan_runs`);
  return row?.count ?? 0;
}

const isKnown = (guildId: string) => async () => (await channelsOf(guildId)).length > 0;

async function untilSetUp(guildId: string): Promise<void> {
  await waitFor(async () => (await channelsOf(guildId)).length > 0 && (await isSetUp(db, guildId)));
}

test('nothing of a guild is read until somebody has chosen channels; then only those, and what comes later', async () => {
  const program = await start('ask');
  await waitFor(isKnown(ids.guild));
  expect(await isSetUp(db, ids.guild)).toBe(false);
  await program.stop();
  const again = await start('ask');
  await waitFor(async () => again.app.gatewayState?.downSince() === null);
  expect(await readIds(ids.guild)).toEqual([]);
  expect(await countRuns()).toBe(0);

  const choice = { channelIds: [ids.general], isScanned: true };
  const runIds = await db.transaction((tx) => setUpGuild(tx, ids.guild, choice));
  expect(runIds).toHaveLength(1);
  expect(await isSetUp(db, ids.guild)).toBe(true);
  const { channel_id: newId } = await sandbox.control('create-channel', {
    guild_id: ids.guild,
    name: 'later',
  });
  await waitFor(async () => (await readIds(ids.guild)).includes(String(newId)));
  expect((await readIds(ids.guild)).sort()).toEqual([ids.general, String(newId)].sort());
});

test('a guild may be set up to be read from now on alone', async () => {
  await start('ask');
  await waitFor(isKnown(ids.guild));
  const choice = { channelIds: [ids.general], isScanned: false };
  expect(await db.transaction((tx) => setUpGuild(tx, ids.guild, choice))).toEqual([]);
  expect(await readIds(ids.guild)).toEqual([ids.general]);
  expect(await countRuns()).toBe(0);
});

test('to switch on the first channel is to set the guild up', async () => {
  await start('ask');
  await waitFor(isKnown(ids.guild));
  await db.transaction((tx) => switchReading(tx, ids.guild, [ids.general], true));
  expect(await isSetUp(db, ids.guild)).toBe(true);
});

test('guilds that were there before the program are read at once where that is asked for; those that come ask', async () => {
  await start('present');
  await untilSetUp(ids.guild);
  expect((await readIds(ids.guild)).length).toBeGreaterThan(1);
  await sandbox.control('add-bot', { guild_id: ids.otherGuild });
  await waitFor(isKnown(ids.otherGuild));
  expect(await isSetUp(db, ids.otherGuild)).toBe(false);
  expect(await readIds(ids.otherGuild)).toEqual([]);
});

test('a guild that removes the bot and takes it back within the grace is as it was', async () => {
  await start('ask');
  await waitFor(isKnown(ids.guild));
  await db.transaction((tx) => switchReading(tx, ids.guild, [ids.general], true));
  await sandbox.control('kick-bot', { guild_id: ids.guild });
  const isDeparted = async () =>
    (await db.query(sql`select from guild_departures where guild_id = ${ids.guild}`)).length > 0;
  await waitFor(isDeparted);
  await sandbox.control('add-bot', { guild_id: ids.guild });
  await waitFor(async () => !(await isDeparted()));
  expect(await isSetUp(db, ids.guild)).toBe(true);
  expect(await readIds(ids.guild)).toEqual([ids.general]);
});
