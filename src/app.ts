import { join } from 'node:path';
import type { Config, DiscordConfig, Role } from './config.ts';
import type { Database } from './db/database.ts';
import { getGatewaySession, touchGatewaySessions } from './db/gateway-sessions.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open-database.ts';
import { DiscordError } from './discord/discord-error.ts';
import { createGateway } from './discord/gateway.ts';
import { GATEWAY_INTENTS } from './discord/intents.ts';
import { createDiscordRest, type DiscordRest } from './discord/rest.ts';
import { assertMayServe, createWebServer } from './http/web-server.ts';
import { ingestEvents } from './ingest/ingest.ts';
import { housekeepingJobs } from './jobs/housekeeping.ts';
import type { JobHandlers } from './jobs/jobs.ts';
import { runWorker } from './jobs/worker.ts';
import { backoffMs } from './lib/backoff.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { ClipdexError, messageOf } from './lib/errors.ts';
import type { Logger } from './lib/log.ts';
import { runTogether, untilAborted } from './lib/run-together.ts';
import { scanRunJob } from './scan/scan-jobs.ts';
import { AccessVerifier } from './scan/verify-access.ts';

/** The whole program, put together. The only file that knows every part. */
export type App = {
  config: Config;
  db: Database;
  discord: DiscordConfig;
  rest: DiscordRest;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
  /** Ends what was opened, last opened first. */
  close(): Promise<void>;
};

export type AppOptions = {
  log: Logger;
  signal: AbortSignal;
  /** Told, in one line each, what stands. */
  announce: (line: string) => void;
};

const STOP_PATIENCE_MS = 2_000; // and as long again until connections are cut: within the 5 s of a clean end
const SESSION_TOUCH_MS = 60_000;
const STARTUP_RETRY_FIRST_MS = 500;
const STARTUP_RETRY_MAX_MS = 30_000;

/** Opens the database, migrated, and the Discord that the program is for; without a token, a sandbox of its own. */
export async function openApp(config: Config, { log, signal, announce }: AppOptions): Promise<App> {
  const opened: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne();
  };
  try {
    const database = await openDatabase({ ...config, use: 'program' }, log, signal);
    opened.push(database.close);
    await migrate(database.db, log, { signal });
    announce(
      database.kind === 'embedded'
        ? `Database  PostgreSQL in ${config.dataDir}`
        : 'Database  from DATABASE_URL',
    );
    const discord = config.discord ?? (await openSandbox(config, opened, log, signal));
    announce(
      config.discord === null
        ? `Discord   a sandbox on this machine, as no DISCORD_BOT_TOKEN is set: ${discord.apiUrl}`
        : `Discord   ${discord.apiUrl}`,
    );
    const rest = createDiscordRest({ apiUrl: discord.apiUrl, token: discord.botToken, log, signal });
    opened.push(() => rest.close());
    return { config, db: database.db, discord, rest, clock: systemClock, log, signal, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs the roles of this machine until the signal aborts. Throws when one of them can never succeed. */
export async function runApp(app: App, { announce }: Pick<AppOptions, 'announce'>): Promise<void> {
  const roles = new Set<Role>(app.config.roles);
  const web = roles.has('web') ? await openWeb(app, announce) : null;
  if (!web) roles.delete('web');
  announce(`Roles     ${[...roles].join(', ')}`);
  if (web) announce(`\nClipdex is at ${web.url}`);
  const ended = new AbortController();
  void cutDatabaseOff(app, ended.signal);
  try {
    await runTogether(app.signal, [
      ...(roles.has('gateway') ? [(signal: AbortSignal) => runGateway(app, signal)] : []),
      ...(roles.has('worker') ? [(signal: AbortSignal) => runWorkerRole(app, signal)] : []),
      untilAborted,
    ]);
  } finally {
    ended.abort();
    await web?.close();
  }
}

/** A role that waits for a server that answers no more would never end: its statements fail when the time is up. */
async function cutDatabaseOff({ db, clock, signal }: App, ended: AbortSignal): Promise<void> {
  await untilAborted(signal);
  const isLate = await clock.sleep(STOP_PATIENCE_MS, ended).then(
    () => true,
    () => false,
  );
  if (isLate) await db.close();
}

async function runGateway(app: App, signal: AbortSignal): Promise<void> {
  const { db, rest, clock, log, discord } = app;
  const botUserId = await findBotUserId(app, signal);
  const bot = { apiUrl: discord.apiUrl, botUserId };
  const liveShards = new Set<number>();
  const gateway = createGateway({
    rest,
    token: discord.botToken,
    intents: GATEWAY_INTENTS,
    sessions: { load: (shardId) => getGatewaySession(db, { ...bot, shardId }, GATEWAY_INTENTS) },
    onEvents: (shardId, events, session) =>
      ingestEvents({ session: { ...bot, shardId, ...session }, events }, { db, clock, log, signal }),
    onUp: (shardId) => liveShards.add(shardId),
    onDown: (shardId) => liveShards.delete(shardId),
    log,
    signal,
    clock,
  });
  try {
    await Promise.race([gateway.failed, keepSessionsAlive(app, bot, liveShards, signal)]);
  } finally {
    await gateway.close();
  }
}

/** Workers, perhaps on other machines, see from it that the intents are still accepted. Ends when the signal aborts. */
async function keepSessionsAlive(
  { db, clock, log }: App,
  bot: { apiUrl: string; botUserId: string },
  liveShards: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await touchGatewaySessions(db, bot, [...liveShards]).catch((error: unknown) => {
      log.debug({ err: messageOf(error) }, 'gateway sessions could not be touched');
    });
    await clock.sleep(SESSION_TOUCH_MS, signal).catch(() => {}); // aborted: the loop ends
  }
}

async function runWorkerRole(app: App, signal: AbortSignal): Promise<void> {
  const { config, db, rest, clock, log, discord } = app;
  const verifier = new AccessVerifier({ rest, db, apiUrl: discord.apiUrl });
  const handlers: JobHandlers = {
    ...housekeepingJobs({ db, clock, log, departedGuildGraceDays: config.departedGuildGraceDays }),
    scan_run: scanRunJob({ db, rest, verifier, log }),
  };
  await runWorker({ db, handlers, concurrency: config.workerConcurrency, clock, log, signal });
}

/** Null when the page may not be served yet, and other roles have work to do all the same. */
async function openWeb(app: App, announce: (line: string) => void) {
  const { config, db, rest, log, signal, discord } = app;
  const { host, port } = config;
  try {
    assertMayServe({ host, apiUrl: discord.apiUrl });
  } catch (error) {
    if (!(error instanceof ClipdexError) || config.roles.length === 1) throw error;
    announce(`No page   ${error.message}`);
    return null;
  }
  return createWebServer({
    db,
    rest,
    log,
    host,
    port,
    cdnOrigins: discord.cdnOrigins,
    isSandbox: config.discord === null,
    signal,
  });
}

/** Waits through an outage of Discord; a token that it refuses ends the program. */
async function findBotUserId({ rest, clock, log }: App, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await rest.getCurrentUser({ signal })).id;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DiscordError && error.kind === 'unauthorized') throw error;
      log.warn({ err: messageOf(error) }, 'Discord does not answer; trying again');
      await clock.sleep(backoffMs(attempt, STARTUP_RETRY_FIRST_MS, STARTUP_RETRY_MAX_MS), signal);
    }
  }
}

/** The sandbox is loaded only when it is wanted, and knows nothing of the product. */
async function openSandbox(
  config: Config,
  opened: (() => Promise<void>)[],
  log: Logger,
  signal: AbortSignal,
): Promise<DiscordConfig> {
  const { generateWorld } = await import('./sandbox/generate/generate-world.ts');
  const { startSandbox } = await import('./sandbox/server.ts');
  const sandbox = await startSandbox({
    port: config.sandbox.port,
    world: generateWorld(config.sandbox.seed),
    liveTraffic: config.sandbox.isLive,
    journalFile: join(config.dataDir, `sandbox-${config.sandbox.seed}.jsonl`),
    log,
    signal,
  });
  opened.push(() => sandbox.close());
  return {
    botToken: sandbox.token,
    clientId: sandbox.clientId,
    clientSecret: sandbox.clientSecret,
    apiUrl: sandbox.apiUrl,
    authorizeUrl: sandbox.authorizeUrl,
    cdnOrigins: sandbox.cdnOrigins,
  };
}
