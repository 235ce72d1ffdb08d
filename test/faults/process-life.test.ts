import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { type Queryable, sql } from '../../src/db/database.ts';
import { lockClasses } from '../../src/db/held-locks.ts';
import { startClipdex } from '../commands/run-clipdex.ts';
import { jumpingClock } from '../support/fast-clock.ts';
import { type FaultStage, type FaultStageOptions, openFaultStage } from '../support/fault-stage.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import type { RunningProgram } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR_MS = 3_600_000;
const SUSPENSION_MS = 20_000;
const MAX_STOP_MS = 5_000;
const RECONNECT_MS = 3_000; // a gateway that may connect does so within one or two seconds
const TIMEOUT_MS = 150_000;
const MAX_TAKEOVER_MS = 10_000; // one that stands by looks every other second; the rest is for a busy machine

async function openStage(options: FaultStageOptions): Promise<FaultStage> {
  const stage = await openFaultStage(options);
  onTestFinished(() => stage[Symbol.asyncDispose]());
  return stage;
}

/** The real program as a process of its own on the stage. */
function startProcess({ databaseUrl, sandbox }: FaultStage) {
  return startClipdex(['start'], {
    DATABASE_URL: databaseUrl,
    DISCORD_BOT_TOKEN: sandbox.token,
    NEW_GUILDS: 'read',
    DISCORD_API_URL: sandbox.apiUrl,
    ROLES: 'gateway,worker',
    LOG_LEVEL: 'fatal',
  });
}

test('a program that is suspended for 20 s goes on where it was', { timeout: 150_000 }, async () => {
  const stage = await openStage({ seed: 7, limits: { heartbeatIntervalMs: 5_000 } }); // so Discord gives it up meanwhile
  await using program = await startProcess(stage);
  await stage.settled();
  await stage.strike(async () => {
    program.child.kill('SIGSTOP');
    await delay(SUSPENSION_MS);
    program.child.kill('SIGCONT');
  }, 'posts');
  expect(program.child.exitCode).toBeNull();
  const askedAt = performance.now();
  program.child.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(MAX_STOP_MS);
});

test('SIGTERM in the middle of everything ends a program cleanly in time, and the next one goes on', async () => {
  const stage = await openStage({ seed: 8 });
  const first = await stage.start(); // so that there is a session, which is told what is deleted
  await stage.settled();
  await first.stop();
  const stopLoad = stage.load.begin();
  for (const ms of [300, 1_000, 2_500]) {
    await using program = await startProcess(stage);
    await delay(ms);
    const askedAt = performance.now();
    program.child.kill('SIGTERM');
    expect([0, 130, null]).toContain(await program.exited); // null: not yet listening to signals
    expect(performance.now() - askedAt).toBeLessThan(MAX_STOP_MS);
  }
  await stage.start();
  await stopLoad();
  await stage.settled();
});

test('the time of day jumps by hours, forwards and backwards', { timeout: 120_000 }, async () => {
  const clock = jumpingClock();
  const stage = await openStage({ seed: 9, program: { clock } });
  await stage.start();
  await stage.settled();
  for (const hours of [5, -10, 24 * 60]) {
    await stage.strike(async () => {
      clock.jump(hours * HOUR_MS);
      await stage.sandbox.control('drop-gateway');
    });
  }
});

test('two workers never walk one channel at once, and share the work of one that is gone', async () => {
  const stage = await openStage({ seed: 10 });
  await stage.start();
  const other = await stage.start({ ROLES: 'worker' });
  await stage.settled();
  await stage.strike(async () => {
    await Promise.all([stage.openRoom(), stage.openRoom(), stage.openRoom()]);
    await other.stop();
    await stage.start({ ROLES: 'worker' });
  });
  const { mostAtOnce } = (await stage.sandbox.control('stats')) as { mostAtOnce: Record<string, number> };
  const rooms = Object.entries(mostAtOnce).filter(([id]) => stage.world.closedIds.includes(id));
  expect(rooms.length).toBeGreaterThan(3);
  expect(rooms.filter(([, count]) => count > 1)).toEqual([]);
});

const standsBy = ({ app }: RunningProgram) => app.gatewayState?.isStandby === true;
const isConnected = ({ app }: RunningProgram) => app.gatewayState?.liveShards().length === 1;

test('of two gateways of the same bot one is connected, and the other goes on where it was stopped', {
  timeout: TIMEOUT_MS,
}, async () => {
  const stage = await openStage({ seed: 12 });
  const first = await stage.start();
  await stage.settled(); // and so there is a session that another could resume
  const second = await stage.start();
  await waitFor(() => standsBy(second));
  await stage.strike(async () => {
    expect(isConnected(first)).toBe(true);
    await first.stop();
    await waitFor(() => isConnected(second), MAX_TAKEOVER_MS);
  });
  expect(await stage.gatewayStats()).toMatchObject({ connected: 1, identified: 1, resumed: 1 });
  expect(stage.lines.filter((line) => line.includes('another process has the gateway'))).toHaveLength(1);
});

test('a gateway that is killed is followed within seconds by the one that stands by', {
  timeout: TIMEOUT_MS,
}, async () => {
  const stage = await openStage({ seed: 13 });
  await using victim = await startProcess(stage);
  await stage.settled();
  const second = await stage.start();
  await waitFor(() => standsBy(second));
  await stage.strike(async () => {
    victim.child.kill('SIGKILL');
    await waitFor(() => isConnected(second), MAX_TAKEOVER_MS);
  });
  expect(await stage.gatewayStats()).toMatchObject({ connected: 1, identified: 1, resumed: 1 });
});

test('a gateway that lost its lock keeps its connection while nobody else takes the lock', {
  timeout: TIMEOUT_MS,
}, async () => {
  const stage = await openStage({ seed: 14 });
  const program = await stage.start();
  await stage.settled();
  await stage.strike(async () => {
    for (let times = 1; times <= 3; times += 1) {
      await breakGatewayLock(stage.db);
      await waitFor(async () => (await listGatewayLocks(stage.db)).length === 1);
    }
  });
  expect(stage.lines.join('')).toContain('the lock of the gateway is lost');
  expect(isConnected(program)).toBe(true);
  expect(await stage.gatewayStats()).toMatchObject({ connected: 1, identified: 1, resumed: 0 });
});

test('without PostgreSQL a gateway keeps its connection, but opens none: another process may have the lock', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using postgres = await startOwnPostgres();
  await using stage = await openFaultStage({ seed: 16, databaseUrl: postgres.url });
  const program = await stage.start();
  await stage.settled();
  await stage.strike(async () => {
    await postgres.stop('fast');
    await waitFor(() => stage.lines.some((line) => line.includes('the lock of the gateway is lost')));
    expect((await stage.gatewayStats()).connected).toBe(1);
    await stage.sandbox.control('drop-gateway');
    await delay(RECONNECT_MS);
    expect((await stage.gatewayStats()).connected).toBe(0);
    await postgres.start();
    await waitFor(() => isConnected(program));
  });
  expect(await stage.gatewayStats()).toMatchObject({ connected: 1, identified: 1, resumed: 1 });
});

test('a gateway whose lock another process took stands by, and goes on when that one has gone', {
  timeout: TIMEOUT_MS,
}, async () => {
  const stage = await openStage({ seed: 15 });
  const program = await stage.start();
  await stage.settled();
  await stage.strike(async () => {
    const other = await stage.db.hold(() => {});
    const taken = other.query(sql`
      select pg_advisory_lock(lock.classid::integer, key::bit(32)::integer)
      from pg_locks lock, cast(lock.objid as bigint) key
      where lock.locktype = 'advisory' and lock.classid = ${lockClasses.gateway}::bigint::oid and lock.granted
        and lock.database = (select oid from pg_database where datname = current_database())`);
    await waitFor(async () => (await listGatewayLocks(stage.db)).some(({ granted }) => !granted));
    await breakGatewayLock(stage.db);
    await taken;
    await waitFor(() => standsBy(program));
    expect((await stage.gatewayStats()).connected).toBe(0);
    other.release();
    await waitFor(() => isConnected(program), MAX_TAKEOVER_MS);
  });
  expect(await stage.gatewayStats()).toMatchObject({ connected: 1, identified: 1, resumed: 1 });
});

function listGatewayLocks(db: Queryable) {
  return db.query<{ pid: number; granted: boolean }>(sql`
    select pid, granted from pg_locks
    where locktype = 'advisory' and classid = ${lockClasses.gateway}::bigint::oid
      and database = (select oid from pg_database where datname = current_database())`);
}

/** Ends the connection that holds it, and no other. */
async function breakGatewayLock(db: Queryable): Promise<void> {
  const holder = (await listGatewayLocks(db)).find(({ granted }) => granted);
  await db.query(sql`select pg_terminate_backend(${holder?.pid}::integer)`);
}
