import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCoverage } from '../../src/db/coverage.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { hasId } from '../../src/lib/ranges.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { startClipdex } from '../commands/run-clipdex.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProgram, startTestSandbox, type TestSandbox, untilScanned } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';
import { Posters, storedOf } from './posters.ts';

const KILLS = 8;
const MAX_LIFE_MS = 400; // of each program, counted from its first commit
const CHANNELS = 6;
const HEARTBEAT_MS = 1_000; // so that live coverage is settled while we wait
const POSTED_WHILE_DEAD = 40;
const SETTLED_MS = 60_000; // on a machine that does much else

let testDatabase: TestDatabase;
let db: Database;
let sandbox: TestSandbox;
let channelIds: string[];
let posters: Posters;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
  const world = generateWorld(5);
  const [guild] = [...world.guilds.values()].filter((one) => one.botJoined);
  if (!guild) throw new Error('no guild');
  for (const other of world.guilds.values()) if (other !== guild) world.guilds.delete(other.id);
  for (const [id, entry] of guild.channels) if (entry.channel.type !== 4) guild.channels.delete(id);
  const authorId = [...guild.members.values()].find((member) => !member.user.bot)?.user.id ?? '';
  sandbox = await startTestSandbox(world, { heartbeatIntervalMs: HEARTBEAT_MS });
  channelIds = [];
  for (let i = 0; i < CHANNELS; i += 1) {
    const fields = { guild_id: guild.id, name: `room-${i}`, type: 'text' };
    channelIds.push(String((await sandbox.control('create-channel', fields)).channel_id));
  }
  posters = new Posters(sandbox, channelIds, authorId);
  const first = await startProgram(testDatabase.url, sandbox);
  await untilScanned(db, 1);
  await first.stop();
});
afterAll(async () => {
  await sandbox?.close();
  await testDatabase?.close();
});

async function sessionOf(): Promise<{ sessionId: string; sequence: number }> {
  const [row] = await db.query<{ sessionId: string; sequence: number }>(sql`
    select session_id as "sessionId", sequence::int as sequence from gateway_sessions`);
  return row ?? { sessionId: '', sequence: 0 };
}

/** The real program, killed while it takes live messages in. */
async function startVictim() {
  return startClipdex(['start'], {
    DATABASE_URL: testDatabase.url,
    DISCORD_BOT_TOKEN: sandbox.token,
    NEW_GUILDS: 'read',
    DISCORD_API_URL: sandbox.apiUrl,
    ROLES: 'gateway',
    LOG_LEVEL: 'error',
  });
}

async function storesTheTruth(): Promise<boolean> {
  return JSON.stringify(await storedOf(db, channelIds)) === JSON.stringify(posters.truth);
}

test(`killed ${KILLS} times amid posts, edits and deletes, the program resumes: nothing is lost, nothing doubled`, {
  timeout: 300_000,
}, async () => {
  const { sessionId } = await sessionOf();
  const stop = new AbortController();
  const working = posters.work(stop.signal);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await using victim = await startVictim();
    const { sequence } = await sessionOf();
    await waitFor(async () => (await sessionOf()).sequence > sequence, SETTLED_MS);
    await delay(Math.random() * MAX_LIFE_MS);
    victim.child.kill('SIGKILL');
    await victim.exited;
  }
  stop.abort();
  await working;
  const last = await startProgram(testDatabase.url, sandbox, { ROLES: 'gateway' });
  await waitFor(storesTheTruth, SETTLED_MS).catch(() => {}); // the comparison below tells what differs
  await last.stop();
  expect(await storedOf(db, channelIds)).toEqual(posters.truth);
  expect(posters.posted.length).toBeGreaterThan(100);
  expect((await sessionOf()).sessionId).toBe(sessionId);
  const found = await db.query(sql`select distinct found_by from videos`);
  expect(found).toEqual([{ found_by: 'live' }]);
});

test('when the session cannot be resumed, catch-up runs fill exactly what was missed', {
  timeout: 180_000,
}, async () => {
  const { sessionId } = await sessionOf();
  for (let i = 0; i < POSTED_WHILE_DEAD; i += 1) await posters.post();
  await sandbox.control('gateway-faults', { refuses_resumes: true });
  const program = await startProgram(testDatabase.url, sandbox);
  await waitFor(async () => (await sessionOf()).sessionId !== sessionId);
  await sandbox.control('gateway-faults', { refuses_resumes: false });
  for (let i = 0; i < POSTED_WHILE_DEAD; i += 1) await posters.post();
  await waitFor(storesTheTruth, SETTLED_MS).catch(() => {});
  await untilScanned(db, 1);
  await waitFor(isSettled);
  await program.stop();
  expect(await storedOf(db, channelIds)).toEqual(posters.truth);
  for (const channelId of channelIds) {
    const covered = await getCoverage(db, channelId);
    const ids = posters.posted
      .filter((message) => message.channelId === channelId)
      .map(({ id }) => BigInt(id));
    expect(ids.filter((id) => !hasId(covered, id))).toEqual([]);
    expect(covered).toHaveLength(1);
  }
});

async function isSettled(): Promise<boolean> {
  const rows = await db.query(sql`select from live_coverage where not is_settled`);
  return rows.length === 0;
}
