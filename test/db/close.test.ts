import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Database, POOL_SIZE, sql } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { administer, createTestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const CLOSE_LIMIT_MS = 5_000;

/** A database behind a way that can be frozen: then no byte passes, and nobody is told. */
async function setUp() {
  const database = await createTestDatabase();
  const server = new URL(database.url);
  const sockets: Socket[] = [];
  const way = createServer({ allowHalfOpen: true }, (inner) => {
    const outer = connect(Number(server.port), server.hostname);
    for (const socket of [inner, outer]) socket.on('error', () => socket.destroy());
    sockets.push(inner.pipe(outer), outer.pipe(inner));
  });
  way.listen(0, '127.0.0.1');
  await once(way, 'listening');
  const name = server.pathname.slice(1);
  const url = new URL(server);
  url.hostname = '127.0.0.1';
  url.port = String((way.address() as AddressInfo).port);
  const db = new Database(url.href, createLogger('silent'));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => way.close(resolve));
    await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'
      and application_name = 'clipdex' and state = 'active'`);
    await database.close();
  });
  const freeze = () => {
    for (const socket of sockets) {
      socket.unpipe();
      socket.pause();
    }
  };
  return { db, freeze, direct: database.db };
}

async function timeToClose(db: Database): Promise<number> {
  const startedAt = performance.now();
  await db.close();
  return performance.now() - startedAt;
}

test('a statement that does not end is given up when the database is closed', async () => {
  const { db, direct } = await setUp();
  const statement = expect(db.query(sql`select pg_sleep(30)`)).rejects.toMatchObject({
    code: 'database_unreachable',
  });
  const sleepers = sql`select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
  await waitFor(async () => (await direct.query(sleepers)).length === 1);
  expect(await timeToClose(db)).toBeLessThan(CLOSE_LIMIT_MS);
  await statement;
});

test('a server that froze keeps nobody, neither with idle connections nor with one that is held', async () => {
  const { db, freeze } = await setUp();
  let lost: Error | undefined;
  await db.hold((error) => {
    lost = error;
  });
  await db.query(sql`select`);
  freeze();
  expect(await timeToClose(db)).toBeLessThan(CLOSE_LIMIT_MS);
  await waitFor(() => lost !== undefined);
});

test('who waits for a connection when the database is closed is told then, not when its time is up', async () => {
  const { db } = await setUp();
  const statements = Array.from({ length: POOL_SIZE + 3 }, () => db.query(sql`select pg_sleep(30)`));
  const refused = Promise.all(
    statements.map((statement) => expect(statement).rejects.toMatchObject({ code: 'database_unreachable' })),
  );
  const startedAt = performance.now();
  await db.close();
  await refused;
  expect(performance.now() - startedAt).toBeLessThan(CLOSE_LIMIT_MS);
});

test('what ends soon is waited for', async () => {
  const { db } = await setUp();
  const statement = db.query(sql`select pg_sleep(0.3), 1 as done`);
  await db.query(sql`select`);
  await db.close();
  expect(await statement).toMatchObject([{ done: 1 }]);
});
