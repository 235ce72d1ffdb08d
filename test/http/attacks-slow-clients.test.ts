import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendBytes } from '../access/attack-http.ts';
import { recordLog } from '../support/recorded-log.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LibraryServer, startLibraryServer } from './fixtures/library-server.ts';

const timeouts = { headersMs: 400, requestMs: 800, idleMs: 1_000, checkMs: 100 };
const DRIP_MS = 50;
const BIG_BYTES = 32 * 1024 * 1024; // more than the sockets of both sides hold

let server: LibraryServer;
let pageFolder: string;
const { log, lines } = recordLog();
beforeAll(async () => {
  pageFolder = await mkdtemp(join(tmpdir(), 'clipdex-page-'));
  await mkdir(join(pageFolder, 'assets'));
  await writeFile(join(pageFolder, 'assets/big.bin'), Buffer.alloc(BIG_BYTES));
  server = await startLibraryServer({ timeouts, log, pageFolder });
});
afterAll(async () => {
  await server.close();
  await rm(pageFolder, { recursive: true });
});

/** Sends a byte now and then until it is cut off; answers what it heard, and how long it was let. */
async function drip(start: string, byte: string): Promise<{ heard: string; ms: number }> {
  const { hostname, port } = new URL(server.url);
  const socket: Socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {}); // it is cut, which is what we wait for
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const startedAt = performance.now();
  socket.write(start);
  const dripping = setInterval(() => socket.write(byte), DRIP_MS);
  await closed;
  clearInterval(dripping);
  return { heard: Buffer.concat(chunks).toString(), ms: performance.now() - startedAt };
}

const post = (headers: string) =>
  `PATCH /api/me HTTP/1.1\r\nHost: localhost\r\nCookie: ${server.cookie}\r\nSec-Fetch-Site: same-origin\r\n` +
  `Content-Type: application/json\r\n${headers}\r\n\r\n`;

describe('a client that sends a byte at a time is cut off', () => {
  test.each([
    ['in its first line', () => 'GET /', 'x', timeouts.headersMs],
    ['in a header', () => 'GET / HTTP/1.1\r\nHost: localhost\r\nX: ', 'x', timeouts.headersMs],
    ['in its body', () => post('Content-Length: 60000'), ' ', timeouts.requestMs],
    ['in a chunk', () => post('Transfer-Encoding: chunked').concat('ffff\r\n'), ' ', timeouts.requestMs],
    [
      'in the body of what nobody reads',
      () => post('Content-Length: 60000').replace('/api/me', '/nothing'),
      ' ',
      timeouts.requestMs,
    ],
  ])('%s', async (_, start, byte, limitMs) => {
    const { ms } = await drip(start(), byte);
    expect(ms).toBeLessThan(limitMs + timeouts.checkMs + 1_500); // a busy machine is late
  });
});

test('while hundreds of them wait, others are answered', async () => {
  const slow = Promise.all(Array.from({ length: 200 }, () => drip(post('Content-Length: 60000'), ' ')));
  const answers = await Promise.all(Array.from({ length: 20 }, () => server.browser.get('/api/guilds')));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const heard = await slow;
  expect(heard.filter(({ heard: text }) => text.startsWith('HTTP/1.1 200'))).toEqual([]);
  expect((await server.browser.get('/api/me')).status).toBe(200);
});

test('a client that asks on and on without waiting is cut off, and fills no memory', async () => {
  const before = process.memoryUsage().rss;
  for (const path of ['/api/openapi.json', '/api/videos?limit=100', '/healthz']) {
    const ask = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${server.cookie}\r\n\r\n`;
    const answer = await sendBytes(server.url, ask.repeat(3_000));
    expect(answer.split('HTTP/1.1 200 OK').length).toBeLessThan(50);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  expect((await server.browser.get('/api/me')).status).toBe(200);
});

test('a few at once on one connection are answered in turn, as the standard has it', async () => {
  const paths = ['/healthz', '/api/me', '/api/guilds', '/nothing', '/healthz'];
  const asks = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nCookie: ${server.cookie}\r\n`);
  const answer = await sendBytes(server.url, `${asks.join('\r\n')}Connection: close\r\n\r\n`);
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  expect(statuses).toEqual(['200', '200', '200', '404', '200']);
});

test('a client that takes in nothing of its answer is cut off', async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => {}); // it is cut, which is what we wait for
  let isCut = false;
  socket.once('close', () => {
    isCut = true;
  });
  const startedAt = performance.now();
  socket.write('GET /assets/big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await waitFor(() => performance.now() - startedAt > timeouts.idleMs + 1_000); // what it does is nothing
  await waitFor(() => {
    socket.write('x'); // who is still there would hear it
    return isCut;
  });
});

test('clients that leave in the middle of what they say are no fault of ours', async () => {
  const { hostname, port } = new URL(server.url);
  await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(
        post(n % 2 === 0 ? 'Content-Length: 60000' : 'Transfer-Encoding: chunked').concat('5\r\n{"a":'),
      );
      socket.resetAndDestroy();
    }),
  );
  expect((await server.browser.get('/api/me')).status).toBe(200);
  expect(lines).toEqual([]);
});
