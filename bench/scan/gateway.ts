import { tmpdir } from 'node:os';
import { Database, sql } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import type { Figure } from '../main.ts';
import { report } from './answer-calls.ts';
import { openBenchDatabases } from './bench-databases.ts';
import { startChild, startProduct } from './child-program.ts';
import { boundFigure, plainFigure } from './figures.ts';
import type { LeanDiscord } from './lean-discord.ts';

const RESTART_GUILDS = 100; // of 100 channels each
const MEMORY_GUILDS = 1_000;
const RSS_GOAL_MB = 130;
const MEGABYTE = 1024 * 1024;
const DEADLINE_MS = 180_000;
const TOKEN = 'MTAwMDAwMDAwMDAwMDAwMDAx.bench.token';
/** What every start asks once, however many guilds there are. */
const startRoutes = ['/users/@me', '/gateway/bot', '/applications/@me'];

type Setup = { databaseUrl: string; apiUrl: string };

/**
 * The program as it is built, in a role of its own: what a restart asks of Discord when nothing is new, and what the
 * gateway holds in memory. Everything was read before: the first start meets the guilds, and what they called for is
 * noted as done.
 */
export async function gatewayFigures(): Promise<Figure[]> {
  await using databases = await openBenchDatabases();
  await using discord = await startChild<LeanDiscord>('lean-discord');
  const restart = {
    databaseUrl: await databases.create('restart'),
    apiUrl: (await discord.call('open', { guildCount: RESTART_GUILDS })).apiUrl,
  };
  await meetGuilds(restart, RESTART_GUILDS);
  await discord.call('takeCounts', {});
  await startAgain(restart, RESTART_GUILDS, 'gateway,worker', async () => {});
  const counts = await discord.call('takeCounts', {});
  const asked = Object.entries(counts).filter(([route]) => !startRoutes.includes(route));
  for (const [route, count] of asked) report(`gateway: ${count} × ${route}`);

  await discord.call('open', { guildCount: MEMORY_GUILDS });
  const memory = { ...restart, databaseUrl: await databases.create('memory') };
  const first = await meetGuilds(memory, MEMORY_GUILDS);
  let again = first;
  await startAgain(memory, MEMORY_GUILDS, 'gateway', async (program) => {
    again = await program.call('measure', {});
  });
  const total = asked.reduce((sum, [, count]) => sum + count, 0);
  return [
    boundFigure('requests of a restart, 10,000 channels without news', total, '', 0),
    boundFigure(
      'RSS of the gateway, 1,000 guilds of 100 channels',
      again.rssBytes / MEGABYTE,
      'MB',
      RSS_GOAL_MB,
    ),
    plainFigure('… its heap in use', again.heapBytes / MEGABYTE, 'MB'),
    plainFigure('… RSS after it has met them for the first time', first.rssBytes / MEGABYTE, 'MB'),
  ];
}

/** The first start, in the role of the gateway alone; what it queued is then noted as done. */
async function meetGuilds(setup: Setup, guilds: number): Promise<{ rssBytes: number; heapBytes: number }> {
  let memory = { rssBytes: 0, heapBytes: 0 };
  await startAgain(setup, guilds, 'gateway', async (program) => {
    memory = await program.call('measure', {});
  });
  const db = new Database(setup.databaseUrl, createLogger('error'), 1);
  await noteAllAsRead(db).finally(() => db.close());
  return memory;
}

/** Starts the program, waits until it has taken in all guilds and nothing is left to do, and ends it. */
async function startAgain(
  { databaseUrl, apiUrl }: Setup,
  guilds: number,
  roles: string,
  measure: (program: Awaited<ReturnType<typeof startProduct>>) => Promise<void>,
): Promise<void> {
  const db = new Database(databaseUrl, createLogger('error'), 1);
  const before = await sessionOf(db);
  const startedAt = performance.now();
  await using program = await startProduct({
    DATABASE_URL: databaseUrl,
    DATA_DIR: tmpdir(),
    DISCORD_API_URL: apiUrl,
    DISCORD_BOT_TOKEN: TOKEN,
    NEW_GUILDS: 'read',
    ROLES: roles,
    LOG_LEVEL: 'error',
  });
  try {
    await waitFor(async () => {
      if (!program.isRunning()) throw new Error('the program ended');
      const session = await sessionOf(db);
      if (session?.id === before?.id || Number(session?.sequence) <= guilds) return false;
      return !roles.includes('worker') || isIdle(db);
    }, DEADLINE_MS);
    report(`gateway: ${guilds} guilds taken in after ${Math.round(performance.now() - startedAt) / 1000} s`);
    await measure(program);
  } finally {
    await db.close();
  }
}

async function sessionOf(db: Database): Promise<{ id: string; sequence: string } | undefined> {
  const [row] = await db.query<{ id: string; sequence: string }>(sql`
    select session_id as id, sequence from gateway_sessions`);
  return row;
}

async function isIdle(db: Database): Promise<boolean> {
  const due = await db.query(sql`
    select from graphile_worker.jobs where run_at <= now() + interval '5 seconds' and attempts < max_attempts limit 1`);
  return due.length === 0;
}

async function noteAllAsRead(db: Database): Promise<void> {
  await db.query(sql`
    insert into scan_coverage (channel_id, scanned)
    select channel_id, int8multirange(int8range(1, newest_message_id + 1))
    from channel_access where newest_message_id is not null
    on conflict (channel_id) do update set scanned = excluded.scanned`);
  await db.query(sql`
    update bot_channel_scan_runs set status = 'succeeded', started_at = now(), finished_at = now()`);
  await db.query(sql`update scan_run_walks set reason = 'start_reached'`);
  await db.query(sql`
    update index_passes set status = 'succeeded', reason = 'start_reached', started_at = now(), finished_at = now()`);
  await db.query(sql`update thread_lists set due_at = null, listed_to = now(), listed_at = now()`);
  await db.query(sql`delete from graphile_worker._private_jobs`);
  await db.query(sql`vacuum analyze`); // as PostgreSQL does by itself within minutes
}
