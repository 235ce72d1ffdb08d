import { once, setMaxListeners } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Access } from '../access/access.ts';
import type { Database } from '../db/database.ts';
import type { Doctor } from '../doctor/doctor.ts';
import { type ScheduledJobName, schedulesOf } from '../jobs/jobs.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { ClipdexError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { packageRoot } from '../lib/package-root.ts';
import { FreshLinks, type LinkSource } from '../library/fresh-links.ts';
import { EventFeed } from './event-feed.ts';
import { answerBeforeDoors } from './failures.ts';
import type { GatewayState } from './gateway-state.ts';
import { Metrics } from './metrics-registry.ts';
import { createRoutes } from './routes.ts';
import { loadStaticFiles } from './static-files.ts';

const defaultSchedules = { installIntents: { purgeCron: '*/30 * * * *' } };
const CLOSE_GRACE_MS = 1_000; // for answers under way; then their sockets are cut
/**
 * How long a client may take to ask, and to take in anything of the answer (streams of events say something each 15 s), so
 * that slow ones hold no connection for ever; `checkMs`: how late it is seen that a client asks too slowly.
 */
const defaultTimeouts = { headersMs: 10_000, requestMs: 30_000, idleMs: 120_000, checkMs: 5_000 };
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_UNANSWERED = 10; // requests of one connection; browsers and proxies wait for each answer before they ask on

export type WebServerOptions = {
  db: Database;
  rest: LinkSource;
  log: Logger;
  host: string;
  /** 0: any free one. */
  port: number;
  cdnOrigins: readonly string[];
  access: Access;
  doctor: Doctor;
  signal: AbortSignal;
  /** Where browsers reach the page from outside, without a trailing slash. Default: under the names of this machine. */
  publicUrl?: string | null;
  /** How many proxies stand before us. Default: none. */
  trustedProxies?: number;
  /** When jobs run, for operators to see. Default: as without configuration. */
  schedules?: Readonly<Record<ScheduledJobName, string>>;
  /** Who may start an install. Default: everybody who manages a guild. */
  installs?: 'open' | 'operators';
  /** Discord is the sandbox on this machine: the page says so. Default: no. */
  isSandbox?: boolean;
  /** What `/readyz` tells of the gateway; left out or null where this process has none. */
  gatewayState?: GatewayState | null;
  clock?: Clock;
  timeouts?: typeof defaultTimeouts;
  /** Where the built page lies; `dist/web` of the package unless told. */
  pageFolder?: string;
};

export type WebServer = { url: string; close(): Promise<void> };

/**
 * Serves the page, the API and the links of the videos until closed or aborted.
 * @throws ClipdexError `port_taken`, `port_refused`
 */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { db, rest, log, host, port, cdnOrigins, access, doctor, signal, clock = systemClock } = options;
  const { isSandbox = false, gatewayState = null, publicUrl = null } = options;
  const { trustedProxies = 0, installs = 'open', schedules = schedulesOf(defaultSchedules) } = options;
  const { timeouts = defaultTimeouts } = options;
  // Refreshes end with the server, whichever of the two is asked to end.
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // every stream of events waits for it
  const links = new FreshLinks({ db, discord: rest, clock, signal: closing.signal });
  const files = loadStaticFiles(options.pageFolder ?? join(packageRoot, 'dist/web'));
  const origin = { isSecure: publicUrl?.startsWith('https:') ?? false };
  const events = new EventFeed({ db, clock, log, signal: closing.signal });
  const metrics = new Metrics();
  const working = { db, links, access, events, metrics, doctor, schedules, log, clock };
  const services = { ...working, signal: closing.signal, cdnOrigins, isSandbox, gatewayState };
  const routes = createRoutes({ ...services, publicUrl, origin, trustedProxies, installs }, files);
  const server = createServer(
    {
      requestTimeout: timeouts.requestMs,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    oneAfterAnother(getRequestListener(routes.fetch, { errorHandler: answerBeforeDoors(log) })),
  );
  server.timeout = timeouts.idleMs;
  await listen(server, host, port);

  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= closeServer(server, closing);
    return closed;
  };
  signal.addEventListener('abort', () => void close(), { once: true });
  if (signal.aborted) await close();
  return { url: urlOf(server, host), close };
}

/**
 * Node begins all requests that come at once on a connection, and keeps their answers until it is each one's turn: a few
 * kilobytes of questions would fill the memory. Whoever sends so many is cut off.
 */
function oneAfterAnother(listener: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (incoming, outgoing) => {
    const { socket } = incoming;
    const count = (unanswered.get(socket) ?? 0) + 1;
    unanswered.set(socket, count);
    outgoing.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 0) - 1));
    if (count > MAX_UNANSWERED) socket.destroy();
    else listener(incoming, outgoing);
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EADDRINUSE') {
      throw new ClipdexError(
        'port_taken',
        `Port ${port} on ${host} is in use by another program. Set PORT to a free one, or end that program.`,
      );
    }
    throw new ClipdexError(
      'port_refused',
      `Cannot listen on ${host}, port ${port}. Set HOST and PORT to an address of this machine that you may use.`,
      { cause: error },
    );
  }
}

async function closeServer(server: Server, closing: AbortController): Promise<void> {
  const closed = once(server, 'close');
  server.close(); // also ends idle connections
  closing.abort();
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(cut);
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
