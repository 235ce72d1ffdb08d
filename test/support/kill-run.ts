import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Database, type Queryable, sql } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createRandom, type Random } from '../../src/sandbox/generate/random.ts';
import { ids } from '../sandbox/small-world.ts';
import { type FaultWorld, faultWorld } from './fault-world.ts';
import { compareLibraries } from './library-rows.ts';
import { createLiveLoad } from './live-load.ts';
import { type RunningProgram, startProgram, startTestSandbox, type TestSandbox } from './program.ts';
import { untilEqual } from './truth.ts';
import { waitFor } from './wait-for.ts';

export type KillRunOptions = {
  kills: number;
  seed: number;
  /** Two empty databases. */
  undisturbedUrl: string;
  killedUrl: string;
  /** What Node is given to run the program, before its own arguments. */
  program: readonly string[];
};

export type KillReport = {
  differences: string[];
  /** Kills that struck while a run was unfinished. */
  killedInScan: number;
  /** Kills that struck before the program had committed anything. */
  killedInStart: number;
  messages: number;
  /** From the start of the process to its first commit, the median. */
  startMs: number;
};

const POOL_SIZE = 3; // beside those of two programs
const LATENCY_MS = 40; // of each answer, so that there is something left to be killed in
const LOAD_PAUSE_MS = 20;
const CLOSED_MESSAGES = 500; // of each channel that is opened before a start
const FIRST_COMMIT_MS = 60_000; // of a program that starts, on a busy machine
const WORK_OFF_MS = 300_000; // for the scans that the kills left undone
const EARLY_SHARE = 0.2; // of the kills, those that do not wait for a commit
const MAX_START_MS = 1_500;
const MAX_LIFE_MS = 500; // counted from the first commit

/**
 * Two programs on one Discord, in which people post, edit, delete, open channels and threads: one is left alone, the
 * other is killed again and again at random moments, and started again. In the end both must hold the same, which
 * must be what Discord has.
 */
export async function runKillTest(options: KillRunOptions): Promise<KillReport> {
  const { kills, seed } = options;
  const random = createRandom(seed);
  const world = faultWorld({ closed: kills, closedMessages: CLOSED_MESSAGES });
  const sandbox = await startTestSandbox(world.world);
  const silent = createLogger('silent');
  const undisturbed = new Database(options.undisturbedUrl, silent, POOL_SIZE);
  const killed = new Database(options.killedUrl, silent, POOL_SIZE);
  const programs: RunningProgram[] = [];
  try {
    await sandbox.control('latency', { ms: LATENCY_MS });
    programs.push(await startProgram(options.undisturbedUrl, sandbox));
    const isRead = async (channelId: string, messageId: string) =>
      (await Promise.all([undisturbed, killed].map((db) => covers(db, channelId, messageId)))).every(Boolean);
    const load = createLiveLoad({ sandbox, faultWorld: world, seed, pauseMs: LOAD_PAUSE_MS, isRead });
    await letBegin(options, sandbox, killed);
    const stopLoad = load.begin();
    const struck = await strikeAll(options, { random, sandbox, world, killed }).finally(stopLoad);
    await sandbox.control('latency', { ms: 0 });
    programs.push(await startProgram(options.killedUrl, sandbox));
    await untilEqual(killed, sandbox.world, load.ledger, WORK_OFF_MS);
    await untilEqual(undisturbed, sandbox.world, load.ledger, WORK_OFF_MS);
    const doubtful = [...load.ledger.perhapsRead.keys()];
    return {
      differences: await compareLibraries(undisturbed, killed, doubtful),
      messages: await countMessages(killed),
      ...struck,
    };
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    await Promise.all([undisturbed.close(), killed.close()]);
    await sandbox.close();
  }
}

/** Lets the program make its tables and its first session: from then on all that happens is told to it. */
async function letBegin(options: KillRunOptions, sandbox: TestSandbox, killed: Database): Promise<void> {
  await using victim = await startVictim(options, sandbox);
  await waitFor(async () => (await lastCommit(killed)) !== null, FIRST_COMMIT_MS);
  victim.child.kill('SIGKILL');
}

type Stage = { random: Random; sandbox: TestSandbox; world: FaultWorld; killed: Database };

async function strikeAll(options: KillRunOptions, { random, sandbox, world, killed }: Stage) {
  let killedInScan = 0;
  let killedInStart = 0;
  const startsMs: number[] = [];
  for (const channelId of world.closedIds) {
    await sandbox.control('overwrite', { channel_id: channelId, id: ids.guild, type: 'role' });
    const before = await lastCommit(killed);
    const startedAt = performance.now();
    await using victim = await startVictim(options, sandbox);
    if (random.chance(EARLY_SHARE)) {
      await delay(random.next() * MAX_START_MS);
    } else {
      await waitFor(async () => (await lastCommit(killed)) !== before, FIRST_COMMIT_MS);
      startsMs.push(performance.now() - startedAt);
      await delay(random.next() * MAX_LIFE_MS);
    }
    victim.child.kill('SIGKILL');
    await victim.exited;
    if ((await lastCommit(killed)) === before) killedInStart += 1;
    if (await hasUnfinishedRun(killed)) killedInScan += 1;
  }
  const startMs = Math.round(startsMs.sort((a, b) => a - b)[startsMs.length >> 1] ?? 0);
  return { killedInScan, killedInStart, startMs };
}

async function startVictim({ program, killedUrl }: KillRunOptions, sandbox: TestSandbox) {
  const cwd = await mkdtemp(join(tmpdir(), 'clipdex-victim-')); // without a .env
  const child: ChildProcess = spawn(process.execPath, [...program, 'start'], {
    cwd,
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: killedUrl,
      DISCORD_BOT_TOKEN: sandbox.token,
      NEW_GUILDS: 'read',
      DISCORD_API_URL: sandbox.apiUrl,
      ROLES: 'gateway,worker',
      LOG_LEVEL: 'fatal',
      WORKER_CONCURRENCY: '2', // few at a time, so that there is something left to be killed in
    },
  });
  const exited = once(child, 'exit');
  return {
    child,
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
      await rm(cwd, { recursive: true });
    },
  };
}

/** Changes with every commit of live events; null before there is a session. */
async function lastCommit(db: Queryable): Promise<string | null> {
  const rows = await db
    .query<{ at: string | null }>(
      sql`select max(sequence)::text || max(session_id) as at from gateway_sessions`,
    )
    .catch(() => []); // the tables are not made yet
  return rows[0]?.at ?? null;
}

async function covers(db: Queryable, channelId: string, messageId: string): Promise<boolean> {
  const rows = await db.query(sql`
    select from covered_ids where channel_id = ${channelId} and scanned @> ${messageId}::bigint`);
  return rows.length > 0;
}

async function hasUnfinishedRun(db: Queryable): Promise<boolean> {
  const rows = await db.query(sql`
    select from bot_channel_scan_runs where status in ('queued', 'running') limit 1`);
  return rows.length > 0;
}

async function countMessages(db: Queryable): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql`
    select coalesce(sum(message_count), 0)::int as count from bot_channels`);
  return row?.count ?? 0;
}
