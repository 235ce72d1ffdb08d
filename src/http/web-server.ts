import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Database } from '../db/database.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { ClipdexError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { packageRoot } from '../lib/package-root.ts';
import { FreshLinks, type LinkSource } from '../library/fresh-links.ts';
import { createRoutes } from './routes.ts';
import { loadStaticFiles } from './static-files.ts';

export { assertMayServe } from './may-serve.ts';

const CLOSE_GRACE_MS = 1_000; // for answers under way; then their sockets are cut
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_HEADER_BYTES = 16 * 1024;

export type WebServerOptions = {
  db: Database;
  rest: LinkSource;
  log: Logger;
  host: string;
  /** 0: any free one. */
  port: number;
  cdnOrigins: readonly string[];
  signal: AbortSignal;
  /** Discord is the sandbox on this machine: the page says so. Default: no. */
  isSandbox?: boolean;
  clock?: Clock;
  /** Where the built page lies; `dist/web` of the package unless told. */
  pageFolder?: string;
};

export type WebServer = { url: string; close(): Promise<void> };

/**
 * Serves the page, the API and the links of the videos until closed or aborted.
 * @throws ClipdexError `port_taken`, `port_refused`
 */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { db, rest, log, host, port, cdnOrigins, signal, isSandbox = false, clock = systemClock } = options;
  // Refreshes end with the server, whichever of the two is asked to end.
  const closing = new AbortController();
  const links = new FreshLinks({ db, discord: rest, clock, signal: closing.signal });
  const files = loadStaticFiles(options.pageFolder ?? join(packageRoot, 'dist/web'));
  const routes = createRoutes({ db, links, log, clock, cdnOrigins, isSandbox }, files);
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    getRequestListener(routes.fetch),
  );
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
