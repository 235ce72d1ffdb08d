import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createDataDir } from '../support/data-dir.ts';
import { administer, createEmptyDatabase, createTestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const never = new AbortController().signal;
const dataDir = join(tmpdir(), 'clipdex-unused'); // with a server given, no folder is touched

const open = (databaseUrl: string, signal = never, log = createLogger('silent')) =>
  openDatabase({ databaseUrl, dataDir, use: 'program' }, log, signal);

test('a given server is opened, and closing leaves it running', async () => {
  await using given = await createTestDatabase();
  const database = await open(given.url);
  expect(database).toMatchObject({ kind: 'server', url: given.url });
  await database.close();
  expect(await given.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test('a server that cannot be reached is waited for, naming host and port but never the password', async () => {
  await using given = await createTestDatabase();
  await using gate = await createGate(given.url);
  const url = new URL(given.url);
  url.host = gate.address;
  url.password ||= 'trusted';
  await gate.close();

  const { log, lines } = captureLog();
  const opening = open(url.href, never, log);
  await waitFor(() => lines.length >= 2);
  await gate.open();
  const database = await opening;
  expect(await database.db.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  await database.close();
  expect(lines[0]).toContain(`the database server ${gate.address} cannot be reached`);
  expect(lines.join()).not.toContain(url.password);
});

test('an abort ends the wait for a server, even for one that accepts and says nothing', async () => {
  await using gate = await createGate(undefined);
  const abort = new AbortController();
  const opening = open(`postgres://clipdex@${gate.address}/clipdex`, abort.signal);
  const outcome = expect(opening).rejects.toMatchObject({ name: 'AbortError' });
  await gate.connected;
  const abortedAt = performance.now();
  abort.abort();
  await outcome;
  expect(performance.now() - abortedAt).toBeLessThan(1_000);
});

test('an unknown database is refused at once', async () => {
  await using given = await createTestDatabase();
  await expect(open(new URL('/nowhere', given.url).href)).rejects.toMatchObject({
    code: 'database_unknown',
    message: expect.stringContaining('database nowhere'),
  });
});

test('a wrong password is refused at once, and not repeated', async () => {
  await using folder = await createDataDir();
  const options = { databaseUrl: undefined, dataDir: folder.path, use: 'program' as const };
  const embedded = await openDatabase(options, createLogger('silent'), never); // its server asks for passwords
  const url = new URL(embedded.url);
  url.password = 'guessed-secret';
  const failure = await open(url.href).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'database_login_refused' });
  expect(String(failure)).not.toContain('guessed-secret');
  await embedded.close();
});

test('a server older than 15 is refused, naming its version', async () => {
  await using old = await createOldServer();
  await expect(open(`postgres://clipdex@${old.address}/clipdex`)).rejects.toMatchObject({
    code: 'database_too_old',
    message: expect.stringContaining('is PostgreSQL 14.9;'),
  });
});

test('a user who may not create the extension pgcrypto is told what an administrator can do', async () => {
  await using empty = await createEmptyDatabase();
  const role = `clipdex_guest_${randomBytes(6).toString('hex')}`;
  await administer(`create role ${role} login password 'guest'`);
  const url = new URL(empty.url);
  url.username = role;
  url.password = 'guest';
  await expect(open(url.href)).rejects.toMatchObject({
    code: 'database_rights_missing',
    message: expect.stringContaining('create extension pgcrypto;'),
  });
  await empty.db.query(sql`create extension pgcrypto`);
  await (await open(url.href)).close();
  await administer(`drop role ${role}`);
});

function captureLog() {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
  return { log, lines };
}

/** A port that leads to the server of a URL while it is open; without a URL it accepts and stays silent. */
async function createGate(url: string | undefined) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    if (url === undefined) return;
    const { hostname, port } = new URL(url);
    const onward = new Socket().on('error', () => socket.destroy()).connect(Number(port), hostname);
    sockets.add(onward);
    socket.pipe(onward).pipe(socket);
  });
  const connected = once(server, 'connection');
  const port = await listen(server, 0);
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    address: `127.0.0.1:${port}`,
    connected,
    close,
    open: () => listen(server, port),
    [Symbol.asyncDispose]: close,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** The wire protocol of a PostgreSQL 14 as far as it takes to be asked for its version. */
async function createOldServer() {
  const message = (type: string, ...parts: (string | number[])[]) => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeUInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const ready = message('Z', 'I');
  const columns = ['version', 'major', 'has_pgcrypto', 'can_install_pgcrypto', 'can_create'];
  const types = [25, 23, 16, 16, 16];
  const values = ['14.9', '14', 't', 't', 't'];
  const int16 = (value: number) => [value >> 8, value & 255];
  const int32 = (value: number) => [0, 0, ...int16(value)];
  const answer = Buffer.concat([
    message(
      'T',
      int16(columns.length),
      ...columns.flatMap((name, index) => [
        `${name}\0`,
        [...int32(0), ...int16(0), ...int32(types[index] ?? 25), ...int16(8), ...int32(0), ...int16(0)],
      ]),
    ),
    message('D', int16(values.length), ...values.flatMap((value) => [int32(value.length), value])),
    message('C', 'SELECT 1\0'),
    ready,
  ]);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(Buffer.concat([message('R', int32(0)), ready]));
      socket.on('data', (data) => data[0] === 0x51 && socket.write(answer)); // 'Q': a simple query
    });
  });
  const port = await listen(server, 0);
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
