import { createHmac } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClipdexError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { createFaults } from './faults.ts';
import { createGateway } from './gateway/hub.ts';
import { serve } from './http/serve.ts';
import { type Journal, openJournal, readJournal, replayJournal } from './journal.ts';
import { startLiveTraffic } from './live-posts.ts';
import { createGrants } from './oauth/grants.ts';
import { createRateLimits, defaultLimits, type SandboxLimits } from './rate-limits.ts';
import type { Credentials, Sandbox } from './sandbox.ts';
import { createState } from './state.ts';
import { createStats } from './stats.ts';
import type { World } from './world.ts';

export type SandboxOptions = {
  /** 0 takes any free port. */
  port: number;
  host?: string;
  world: World;
  /** The bot's token and the client secret; made from the world's seed when absent, the same each time. */
  token?: string;
  clientSecret?: string;
  /** Where OAuth may send users back to; any address of this machine when absent. */
  redirectUris?: readonly string[];
  /** Members post by themselves, every few seconds. */
  liveTraffic?: boolean;
  /** Where changes to messages are kept, so that they are still there after a restart. */
  journalFile?: string;
  limits?: Partial<SandboxLimits>;
  log: Logger;
  signal: AbortSignal;
};

export type RunningSandbox = {
  /** Where everything is served, without a slash at the end. */
  url: string;
  apiUrl: string;
  authorizeUrl: string;
  cdnOrigins: string[];
  token: string;
  clientId: string;
  clientSecret: string;
  world: World;
  /** Ends all connections and timers. Also done when the signal aborts. */
  close(): Promise<void>;
};

/**
 * A Discord on this machine: REST, gateway, OAuth, CDN and media proxy on one port, and `/_sandbox` to control it.
 * @throws ClipdexError when the port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const { world, journalFile, log } = options;
  const past = journalFile === undefined ? [] : await readJournal(journalFile, world.seed);
  const server = createServer();
  const baseUrl = await listen(server, options.port, options.host ?? '127.0.0.1');
  const sandbox = assemble(options, baseUrl);
  replayJournal(sandbox.state, past);
  const journal = journalFile === undefined ? undefined : openJournal(sandbox.state, journalFile, past);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every request that is held back waits for it
  server.on('request', (request, response) => void serve(sandbox, request, response, closing.signal));
  server.on('upgrade', (request, socket, head) => sandbox.gateway.upgrade(request, socket, head));
  const traffic = startLiveTraffic(sandbox.state, log, closing.signal);

  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= closeAll(server, sandbox, journal, closing, traffic);
    return closed;
  };
  if (options.signal.aborted) await close();
  else options.signal.addEventListener('abort', () => void close(), { once: true, signal: closing.signal });

  return {
    url: baseUrl,
    apiUrl: `${baseUrl}/api`,
    authorizeUrl: `${baseUrl}/oauth2/authorize`,
    cdnOrigins: [baseUrl],
    token: sandbox.credentials.token,
    clientId: sandbox.credentials.clientId,
    clientSecret: sandbox.credentials.clientSecret,
    world,
    close,
  };
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ClipdexError(
      'sandbox_port_unavailable',
      `The sandbox cannot listen on ${host}:${port}. End what uses that port, or set SANDBOX_PORT to another.`,
      { cause: error },
    );
  }
  const { port: actualPort } = server.address() as AddressInfo;
  const isAnyAddress = host === '0.0.0.0' || host === '::';
  return `http://${isAnyAddress ? '127.0.0.1' : host}:${actualPort}`;
}

function assemble(options: SandboxOptions, baseUrl: string): Sandbox {
  const { world, log } = options;
  const limits: SandboxLimits = { ...defaultLimits, ...options.limits };
  const credentials = credentialsOf(options);
  const state = createState(world, baseUrl, options.liveTraffic ?? false);
  const stats = createStats();
  return {
    state,
    credentials,
    limits,
    spend: createRateLimits(limits),
    faults: createFaults(),
    stats,
    gateway: createGateway({ state, token: credentials.token, limits, stats }),
    grants: createGrants({ key: credentials.clientSecret, accessTokenSecs: () => limits.accessTokenSecs }),
    commands: new Map(),
    interactions: new Map(),
    log,
  };
}

function credentialsOf({ world, token, clientSecret, redirectUris = [] }: SandboxOptions): Credentials {
  return {
    token: token ?? botTokenOf(world),
    clientId: world.application.id,
    clientSecret: clientSecret ?? derive(world, 'secret').slice(0, 32),
    redirectUris,
  };
}

/** The token when none is given, of Discord's form: the bot's id, then two parts that nobody can read. */
export function botTokenOf(world: World): string {
  const botId = Buffer.from(world.bot.id).toString('base64url');
  return `${botId}.${derive(world, 'time').slice(0, 6)}.${derive(world, 'token').slice(0, 38)}`;
}

function derive({ seed }: World, what: string): string {
  return createHmac('sha256', `clipdex sandbox ${seed}`).update(what).digest('base64url');
}

async function closeAll(
  server: Server,
  sandbox: Sandbox,
  journal: Journal | undefined,
  closing: AbortController,
  traffic: Promise<void>,
): Promise<void> {
  closing.abort();
  const ended = once(server, 'close');
  server.close();
  sandbox.gateway.close();
  server.closeAllConnections();
  await Promise.all([ended, traffic]);
  journal?.close();
}
