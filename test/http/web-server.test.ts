import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { Database } from '../../src/db/database.ts';
import type { Readiness } from '../../src/http/contract.ts';
import { GatewayState } from '../../src/http/gateway-state.ts';
import { createWebServer } from '../../src/http/web-server.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { type LibraryServer, openTestAccess, startLibraryServer } from './fixtures/library-server.ts';

const CLOSE_BOUND_MS = 2_000;

let server: LibraryServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

test('says which port is taken, and what to do', async () => {
  const { other, port } = await listenSomewhere();
  server = await startLibraryServer();
  const { db } = server.database;
  const opened = await openTestAccess(db, new AbortController().signal);
  await expect(
    createWebServer({
      db,
      access: opened.access,
      doctor: opened.doctor,
      rest: { refreshAttachmentUrls: async () => [], getMessage: async () => ({}) },
      log: createLogger('silent'),
      host: '127.0.0.1',
      port,
      cdnOrigins: [],
      signal: new AbortController().signal,
    }),
  ).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringMatching(new RegExp(`${port}.*PORT`)),
  });
  await opened.close();
  other.close();
});

test('closes in time, though a client holds its connection open and another stalls in its request', async () => {
  const stopping = new AbortController();
  server = await startLibraryServer({ signal: stopping.signal });
  const { hostname, port } = new URL(server.url);
  await (await fetch(`${server.url}/healthz`)).text(); // leaves a connection for the next request
  const stalled = connect(Number(port), hostname);
  await once(stalled, 'connect');
  stalled.write('GET /healthz HTTP/1.1\r\nHost: loc');
  const ended = once(stalled, 'close');
  stalled.on('error', () => {}); // it is cut, which is what we wait for
  const startedAt = performance.now();
  stopping.abort();
  await server.closeWeb();
  await ended;
  expect(performance.now() - startedAt).toBeLessThan(CLOSE_BOUND_MS);
});

describe('health', () => {
  test('is ready while the database answers', async () => {
    server = await startLibraryServer();
    expect(await (await fetch(`${server.url}/healthz`)).text()).toBe('ok\n');
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      isReady: true,
      checks: [{ name: 'database', isReady: true, reason: null }],
    });
  });

  test('is not ready while the gateway of this process is not connected, and says since when', async () => {
    const gatewayState = new GatewayState({ ...systemClock, now: () => Date.UTC(2026, 0, 1) });
    server = await startLibraryServer({ gatewayState });
    const { url } = server;
    const ask = async () => {
      const response = await fetch(`${url}/readyz`);
      const { checks } = (await response.json()) as Readiness;
      return { status: response.status, gateway: checks.find(({ name }) => name === 'gateway') };
    };
    const reason = 'The gateway of Discord is not connected since 2026-01-01T00:00:00.000Z.';
    const notReady = { status: 503, gateway: { name: 'gateway', isReady: false, reason } };
    const ready = { status: 200, gateway: { name: 'gateway', isReady: true, reason: null } };
    expect(await ask()).toEqual(notReady);
    gatewayState.setUp(0);
    gatewayState.setUp(1);
    expect(await ask()).toEqual(ready);
    gatewayState.setDown(1);
    expect(await ask()).toEqual(notReady);
    gatewayState.setUp(1);
    expect(await ask()).toEqual(ready);
    gatewayState.standBy();
    const other = expect.stringMatching(/^Another process has the gateway of Discord/);
    expect(await ask()).toEqual({ status: 200, gateway: { name: 'gateway', isReady: true, reason: other } });
    gatewayState.takeTurn();
    expect(await ask()).toEqual(notReady);
  });

  test('lives on without the database, says what is not ready, and asks to come back', async () => {
    const db = await unreachableDatabase();
    server = await startLibraryServer({ db });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    const readiness = await fetch(`${server.url}/readyz`);
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toMatchObject({
      isReady: false,
      checks: [{ name: 'database', isReady: false, reason: 'The database does not answer.' }],
    });
    const list = await server.browser.get('/api/guilds');
    expect(list.status).toBe(503);
    expect(list.headers.get('retry-after')).toBe('2');
    const text = await list.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'database_unavailable' });
    const login = await server.browser.get('/auth/login', { accept: 'text/html,*/*;q=0.8' });
    expect(login.headers.get('location')).toBe('/login?outcome=busy');
    expect(login.headers.get('retry-after')).toBe('2');
    await db.close();
    expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|at /);
  });
});

/** Nobody listens there: the port was free a moment ago. */
async function unreachableDatabase() {
  const { other, port } = await listenSomewhere();
  other.close();
  await once(other, 'close');
  return new Database(`postgres://nobody@127.0.0.1:${port}/none`, createLogger('silent'));
}

async function listenSomewhere() {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  return { other, port: typeof address === 'object' && address ? address.port : 0 };
}

describe('the page', () => {
  async function startWithPage(files: Record<string, string>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'clipdex-page-'));
    await mkdir(join(folder, 'assets'));
    for (const [name, body] of Object.entries(files)) await writeFile(join(folder, name), body);
    server = await startLibraryServer({ pageFolder: folder });
    await rm(folder, { recursive: true });
    return server.url;
  }

  test('is served for the addresses that it knows, and with 404 for others', async () => {
    const url = await startWithPage({ 'index.html': '<!doctype html><title>Clipdex</title>' });
    for (const path of ['/', '/videos/123', '/?guild=1']) {
      const response = await fetch(`${url}${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('<title>Clipdex</title>');
    }
    const unknown = await fetch(`${url}/no/such/page`, { headers: { accept: 'text/html' } });
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain('<title>Clipdex</title>');
  });

  test('keeps hashed files for good, compressed where it pays', async () => {
    const script = 'export const nothing = 0;\n'.repeat(100);
    const url = await startWithPage({ 'index.html': '', 'assets/main-a1b2c3.js': script });
    const response = await fetch(`${url}/assets/main-a1b2c3.js`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toBe(script);
    const again = await fetch(`${url}/assets/main-a1b2c3.js`, {
      headers: { 'if-none-match': response.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });

  test('says how to build it when it is not there', async () => {
    server = await startLibraryServer({ pageFolder: '/nonexistent' });
    const response = await fetch(server.url);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('npm run build') });
  });
});
