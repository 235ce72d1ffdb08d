import { join } from 'node:path';
import type { Config, DiscordConfig, Role } from './config.ts';
import type { Database } from './db/database.ts';
import { getGatewaySession, touchGatewaySessions } from './db/gateway-sessions.ts';
import type { GatewayBot } from './db/gateway-turn.ts';
import { migrate } from './db/migrate.ts';
import { openDatabase } from './db/open-database.ts';
import { isTokenRefused } from './discord/discord-error.ts';
import { createGateway } from './discord/gateway.ts';
import { GATEWAY_INTENTS, intentsFor } from './discord/intents.ts';
import { createDiscordRest, type DiscordRest } from './discord/rest.ts';
import type { TransportLimits } from './discord/transport-request.ts';
import { GatewayState } from './http/gateway-state.ts';
import { assertMayServe } from './http/may-serve.ts';
import { type GatewayTurn, takeGatewayTurns } from './ingest/gateway-turn.ts';
import { ingestEvents } from './ingest/ingest.ts';
import { housekeepingJobs } from './jobs/housekeeping.ts';
import { type JobHandlers, schedulesOf } from './jobs/jobs.ts';
import { purgeJobs } from './jobs/purge-jobs.ts';
import { reevaluateVideosJob } from './jobs/reevaluate-videos.ts';
import { runWorker } from './jobs/worker.ts';
import { backoffMs } from './lib/backoff.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { ClipdexError, messageOf } from './lib/errors.ts';
import { linkSignals } from './lib/linked-signal.ts';
import type { Logger } from './lib/log.ts';
import { runTogether, untilAborted } from './lib/run-together.ts';
import { Cancellations } from './scan/cancellations.ts';
import { indexGuildJob } from './scan/index-jobs.ts';
import { scanRunJob } from './scan/scan-jobs.ts';
import { threadListJobs } from './scan/thread-list-jobs.ts';
import { AccessVerifier } from './scan/verify-access.ts';

/** The whole program, put together. The only file that knows every part. */
export type App = {
  config: Config;
  db: Database;
  discord: DiscordConfig;
  rest: DiscordRest;
  /** Null where another machine has the gateway. */
  gatewayState: GatewayState | null;
  clock: Clock;
  /** Milliseconds since 1970. */
  startedAt: number;
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
  /** Every wait and time of the program but those of the database; the system's unless told. */
  clock?: Clock;
  /** How patient requests to Discord are, where not as usual. */
  discordLimits?: Partial<TransportLimits>;
};

const STOP_PATIENCE_MS = 2_000; // and as long again until connections are cut: within the 5 s of a clean end
const SESSION_TOUCH_MS = 60_000;
const STARTUP_RETRY_FIRST_MS = 500;
const STARTUP_RETRY_MAX_MS = 30_000;

/** Opens the database, migrated, and the Discord that the program is for; without a token, a sandbox of its own. */
export async function openApp(
  config: Config,
  { log, signal, announce, clock = systemClock, discordLimits: limits = {} }: AppOptions,
): Promise<App> {
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
    const rest = createDiscordRest({
      apiUrl: discord.apiUrl,
      token: discord.botToken,
      log,
      signal,
      clock,
      limits,
    });
    opened.push(() => rest.close());
    const gatewayState = config.roles.includes('gateway') ? new GatewayState(clock) : null;
    const startedAt = clock.now();
    return { config, db: database.db, discord, rest, gatewayState, clock, startedAt, log, signal, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs the roles of this machine until the signal aborts. Throws when one of them can never succeed. */
export async function runApp(app: App, { announce }: Pick<AppOptions, 'announce'>): Promise<void> {
  const roles = new Set<Role>(app.config.roles);
  const { gatewayState } = app;
  const web = roles.has('web') ? await openWeb(app, announce) : null;
  if (!web) roles.delete('web');
  announce(`Roles     ${[...roles].join(', ')}`);
  if (web) announce(`\nClipdex is at ${web.url}`);
  const ended = new AbortController();
  void cutDatabaseOff(app, ended.signal);
  try {
    await runTogether(app.signal, [
      ...(gatewayState ? [(signal: AbortSignal) => runGateway(app, gatewayState, signal)] : []),
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

/** Connected to Discord while it is this process's turn. */
async function runGateway(app: App, gatewayState: GatewayState, signal: AbortSignal): Promise<void> {
  const { db, clock, log, discord } = app;
  const { id: botUserId } = await untilAnswered(app, signal, () => app.rest.getCurrentUser({ signal }));
  const bot = { apiUrl: discord.apiUrl, botUserId };
  const onStandby = () => gatewayState.standBy();
  await takeGatewayTurns({ db, bot, onStandby, clock, log, signal }, async (turn) => {
    gatewayState.takeTurn();
    const { flags } = await untilAnswered(app, turn.signal, () =>
      app.rest.getCurrentApplication({ signal: turn.signal }),
    );
    const intents = intentsFor(flags ?? 0);
    try {
      await connectGateway(app, bot, gatewayState, turn, intents);
    } catch (error) {
      if (intents === GATEWAY_INTENTS || !isIntentRefusal(error)) throw error;
      log.warn(
        'Discord refuses an intent that its portal has switched on; going on without those that are not needed',
      );
      await connectGateway(app, bot, gatewayState, turn, GATEWAY_INTENTS);
    }
  });
}

async function connectGateway(
  app: App,
  bot: GatewayBot,
  gatewayState: GatewayState,
  { holder, confirmed, signal }: GatewayTurn,
  intents: number,
): Promise<void> {
  const { db, rest, clock, log, discord } = app;
  const readsJoinedBefore = readsJoinedBeforeOf(app);
  const gateway = createGateway({
    rest,
    token: discord.botToken,
    intents,
    sessions: { load: (shardId) => getGatewaySession(db, { ...bot, shardId }, intents) },
    onEvents: (shardId, events, session, heartbeatAt) =>
      ingestEvents(
        { session: { ...bot, shardId, ...session, holder }, events, heartbeatAt },
        { db, intents, clock, log, signal, readsJoinedBefore },
      ),
    mayConnect: confirmed,
    onUp: (shardId) => gatewayState.setUp(shardId),
    onDown: (shardId) => gatewayState.setDown(shardId),
    log,
    signal,
    clock,
  });
  const { controller: life, unlink } = linkSignals(signal);
  try {
    await Promise.race([gateway.failed, keepSessionsAlive(app, bot, gatewayState, life.signal)]);
  } finally {
    life.abort(); // or it would go on beside that of the next connection
    unlink();
    await gateway.close();
  }
}

/** In milliseconds since 1970: when it is late enough, the bot's being in a guild says nothing of what its people want read. */
function readsJoinedBeforeOf({ config, startedAt }: App): number {
  switch (config.newGuilds) {
    case 'ask':
      return Number.NEGATIVE_INFINITY;
    case 'present':
      return startedAt;
    case 'read':
      return Number.POSITIVE_INFINITY;
  }
}

/** Workers, perhaps on other machines, see from it that the intents are still accepted. Ends when the signal aborts. */
async function keepSessionsAlive(
  { db, clock, log }: App,
  bot: GatewayBot,
  gatewayState: GatewayState,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await touchGatewaySessions(db, bot, gatewayState.liveShards()).catch((error: unknown) => {
      log.debug({ err: messageOf(error) }, 'gateway sessions could not be touched');
    });
    await clock.sleep(SESSION_TOUCH_MS, signal).catch(() => {}); // aborted: the loop ends
  }
}

async function runWorkerRole(app: App, signal: AbortSignal): Promise<void> {
  const { config, db, rest, clock, log, discord } = app;
  const verifier = new AccessVerifier({ rest, db, apiUrl: discord.apiUrl });
  const cancellations = new Cancellations();
  const handlers: JobHandlers = {
    ...housekeepingJobs({ db, clock, log, ...config }),
    ...purgeJobs({ db, log, ...config }),
    reevaluate_videos: reevaluateVideosJob({ db, clock, log }),
    ...threadListJobs({ db, rest, verifier, log }),
    scan_run: scanRunJob({ db, rest, verifier, cancellations, clock, log }),
    index_guild: indexGuildJob({ db, rest, verifier, clock, log }),
  };
  const schedules = schedulesOf(config);
  const { workerConcurrency: concurrency } = config;
  await runTogether(signal, [
    (stop) => runWorker({ db, handlers, schedules, concurrency, clock, log, signal: stop }),
    (stop) => cancellations.listen({ db, clock, log, signal: stop }),
  ]);
}

/**
 * Null when the page may not be served, and other roles have work to do all the same. What it is made of is loaded only
 * here: a machine without the role has its memory for others.
 */
async function openWeb(app: App, announce: (line: string) => void) {
  const { config, db, rest, gatewayState, clock, log, signal, discord } = app;
  const { host, port, publicUrl, installs, trustedProxies } = config;
  const isSandbox = config.discord === null;
  try {
    assertMayServe({ ...discord, host, publicUrl, isSandbox });
  } catch (error) {
    if (!(error instanceof ClipdexError) || config.roles.length === 1) throw error;
    announce(`No page   ${error.message}`);
    return null;
  }
  const { openAccess } = await import('./access/open-access.ts');
  const { createWebServer } = await import('./http/web-server.ts');
  const { Doctor } = await import('./doctor/doctor.ts');
  const { access, close } = await openAccess({
    ...{ db, rest, discord, clock, log, signal, installs },
    ...{ secretKey: config.secretKey, formerSecretKeys: config.formerSecretKeys, dataDir: config.dataDir },
    sessionLife: { days: config.sessionDays, idleDays: config.sessionIdleDays },
    operatorIds: config.operatorIds,
    intentSecs: config.installIntents.minutes * 60,
    findBotUserId: async () => (await rest.getCurrentUser({ signal, priority: 'interactive' })).id,
  });
  const doctor = new Doctor({
    ...{ db, rest, isSandbox, dataDir: config.dataDir, publicUrl },
    ...{ apiUrl: discord.apiUrl, clientId: discord.clientId, clientSecret: discord.clientSecret },
    databaseKind: config.databaseUrl === null ? 'embedded' : 'server',
  });
  const served = { db, rest, access, doctor, log, clock, signal, gatewayState, isSandbox };
  const web = await createWebServer({
    ...served,
    ...{ host, port, publicUrl, trustedProxies, installs, cdnOrigins: discord.cdnOrigins },
    schedules: schedulesOf(config),
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    url: publicUrl ?? web.url,
    async close() {
      await web.close();
      await close();
    },
  };
}

/** Discord does not say which of those that were asked for it is that it refuses (4014). */
function isIntentRefusal(error: unknown): boolean {
  return error instanceof ClipdexError && error.code === 'message_content_not_enabled';
}

/** Waits through an outage of Discord; a token that it refuses ends the program. */
async function untilAnswered<Answer>(
  { clock, log }: App,
  signal: AbortSignal,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (isTokenRefused(error)) throw error;
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
