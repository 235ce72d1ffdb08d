import { tmpdir } from 'node:os';
import { type App, type AppOptions, openApp, runApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import type { SandboxLimits } from '../../src/sandbox/rate-limits.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { World } from '../../src/sandbox/world.ts';
import { waitFor } from './wait-for.ts';

const silent = createLogger('fatal');

export type TestSandbox = RunningSandbox & {
  /** One request of the control API; answers its body. */
  control(name: string, fields?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** What was asked of it as of Discord, by route, since its counts were reset. */
  requests(): Promise<Record<string, number>>;
};

/** A sandbox on a free port that refuses nothing for its rate, unless told. */
export async function startTestSandbox(
  world: World,
  limits: Partial<SandboxLimits> = {},
): Promise<TestSandbox> {
  const signal = new AbortController().signal;
  const sandbox = await startSandbox({
    port: 0,
    world,
    limits: { isEnabled: false, ...limits },
    log: silent,
    signal,
  });
  const control: TestSandbox['control'] = async (name, fields = {}) => {
    const response = await fetch(`${sandbox.url}/_sandbox/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  };
  return {
    ...sandbox,
    control,
    async requests() {
      const { requests } = (await control('stats')) as { requests: Record<string, number> };
      return Object.fromEntries(Object.entries(requests).filter(([route]) => !route.includes('_sandbox')));
    },
  };
}

export type RunningProgram = {
  app: App;
  /** Resolves, or rejects with what ended it, when the program ends by itself or is stopped. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

/** In place of the system's clock, of a silent log, of patience with Discord, and of nobody who hears what stands. */
export type ProgramOptions = Partial<Pick<AppOptions, 'clock' | 'log' | 'discordLimits' | 'announce'>>;

/** The whole program in this process, on a database of the test and against the sandbox, as against any Discord. */
export async function startProgram(
  databaseUrl: string,
  sandbox: Pick<RunningSandbox, 'apiUrl' | 'token' | 'cdnOrigins'>,
  env: Record<string, string> = {},
  { clock = systemClock, log = silent, discordLimits = {}, announce = () => {} }: ProgramOptions = {},
): Promise<RunningProgram> {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    DATA_DIR: tmpdir(),
    DISCORD_BOT_TOKEN: sandbox.token,
    DISCORD_API_URL: sandbox.apiUrl,
    DISCORD_CDN_ORIGINS: sandbox.cdnOrigins.join(','),
    PORT: '0',
    ROLES: 'gateway,worker',
    NEW_GUILDS: 'read',
    SECRET_KEY: 'a secret key of tests that is long enough',
    ...env,
  });
  const stopping = new AbortController();
  const app = await openApp(config, { log, signal: stopping.signal, announce, clock, discordLimits });
  const ended = runApp(app, { announce }).finally(() => app.close());
  ended.catch(() => {}); // told by stop()
  return {
    app,
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Waits until the gateway has told of all guilds, all threads are listed, and every run has ended. */
export async function untilScanned(db: Database, guildCount: number): Promise<void> {
  await waitFor(async () => {
    const [row] = await db.query<{ guilds: number; unfinished: number }>(sql`
      select
        (select count(*)::int from bot_guilds) as guilds,
        (select count(*)::int from bot_channel_scan_runs where status in ('queued', 'running'))
          + (select count(*)::int from graphile_worker.jobs where task_identifier = 'list_threads') as unfinished`);
    return row?.guilds === guildCount && row.unfinished === 0;
  }, 60_000);
}
