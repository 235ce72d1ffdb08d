import { tmpdir } from 'node:os';
import { type App, openApp, runApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';
import type { SandboxLimits } from '../../src/sandbox/rate-limits.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { World } from '../../src/sandbox/world.ts';
import { waitFor } from './wait-for.ts';

const log = createLogger('fatal');

export type TestSandbox = RunningSandbox & {
  /** One request of the control API; answers its body. */
  control(name: string, fields?: Record<string, unknown>): Promise<Record<string, unknown>>;
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
    log,
    signal,
  });
  return {
    ...sandbox,
    async control(name, fields = {}) {
      const response = await fetch(`${sandbox.url}/_sandbox/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${name}: ${response.status} ${text}`);
      return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    },
  };
}

export type RunningProgram = { app: App; stop(): Promise<void> };

/** The whole program in this process, on a database of the test and against the sandbox, as against any Discord. */
export async function startProgram(
  databaseUrl: string,
  sandbox: Pick<RunningSandbox, 'apiUrl' | 'token' | 'cdnOrigins'>,
  env: Record<string, string> = {},
): Promise<RunningProgram> {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    DATA_DIR: tmpdir(),
    DISCORD_BOT_TOKEN: sandbox.token,
    DISCORD_API_URL: sandbox.apiUrl,
    DISCORD_CDN_ORIGINS: sandbox.cdnOrigins.join(','),
    PORT: '0',
    ROLES: 'gateway,worker',
    ...env,
  });
  const stopping = new AbortController();
  const announce = () => {};
  const app = await openApp(config, { log, signal: stopping.signal, announce });
  const running = runApp(app, { announce });
  running.catch(() => {}); // told by stop()
  return {
    app,
    async stop() {
      stopping.abort();
      try {
        await running;
      } finally {
        await app.close();
      }
    },
  };
}

/** Waits until the gateway has told of all guilds, and every run has ended. */
export async function untilScanned(db: Database, guildCount: number): Promise<void> {
  await waitFor(async () => {
    const [row] = await db.query<{ guilds: number; unfinished: number }>(sql`
      select
        (select count(*)::int from bot_guilds) as guilds,
        (select count(*)::int from bot_channel_scan_runs where status in ('queued', 'running')) as unfinished`);
    return row?.guilds === guildCount && row.unfinished === 0;
  }, 60_000);
}
