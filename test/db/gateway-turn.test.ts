import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeldConnection, sql } from '../../src/db/database.ts';
import { DatabaseOutage } from '../../src/db/database-outage.ts';
import { getGatewaySession, saveGatewaySession } from '../../src/db/gateway-sessions.ts';
import { takeGatewayTurn } from '../../src/db/gateway-turn.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const INTENTS = 1;
const bot = { apiUrl: 'http://discord.test/api', botUserId: '1' };
const session = { ...bot, shardId: 0, shardCount: 1, sessionId: 's', resumeUrl: 'ws://discord.test' };

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const hold = () => database.db.hold(() => {});
const takeAs = (holder: string) => (connection: HeldConnection) => takeGatewayTurn(connection, bot, holder);

test('one connection at a time has the turn of a bot, until it ends', async () => {
  const [first, second] = [await hold(), await hold()];
  expect(await takeAs('first')(first)).toBe(true);
  expect(await takeAs('second')(second)).toBe(false);
  expect(await takeGatewayTurn(second, { ...bot, botUserId: '2' }, 'second')).toBe(true);
  first.release();
  await waitFor(() => takeAs('second')(second));
  second.release();
});

test('the turn of a host that vanishes is free within half a minute', async () => {
  const connection = await hold();
  await waitFor(() => takeAs('vanishing')(connection));
  const [keepalive] = await connection.query<Record<'idle' | 'interval' | 'count', string>>(sql`
    select current_setting('tcp_keepalives_idle') as idle, current_setting('tcp_keepalives_interval') as interval,
      current_setting('tcp_keepalives_count') as count`);
  const { idle, interval, count } = keepalive ?? {};
  expect(Number(idle)).toBeGreaterThan(0); // 0 where the server does not hold it
  expect(Number(idle) + Number(interval) * Number(count)).toBeLessThanOrEqual(30);
  connection.release();
});

test('what was written without the turn is not committed, and is when it was taken again', async () => {
  const { db } = database;
  const save = (sequence: number, holder: string) =>
    db.transaction((tx) => saveGatewaySession(tx, { ...session, sequence, holder }, INTENTS));
  const saved = async () => (await getGatewaySession(db, session, INTENTS))?.sequence;

  const first = await hold();
  await waitFor(() => takeAs('first')(first));
  await save(10, 'first');
  await expect(save(11, 'second')).rejects.toBeInstanceOf(DatabaseOutage);
  first.release();
  await waitFor(() => isRefused(save(10, 'first')));
  expect(await saved()).toBe(10);

  const next = await hold();
  expect(await takeAs('first')(next)).toBe(true);
  await save(12, 'first');
  expect(await saved()).toBe(12);
  next.release();
});

function isRefused(saving: Promise<void>): Promise<boolean> {
  return saving.then(
    () => false,
    (error: unknown) => error instanceof DatabaseOutage,
  );
}
