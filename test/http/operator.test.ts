import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSession } from '../../src/access/sessions.ts';
import { sql } from '../../src/db/database.ts';
import { raiseBeacon } from '../../src/db/job-queue.ts';
import { ensureUser } from '../../src/db/users.ts';
import type { Finding, KeyFigures, Page, ScheduledJob } from '../../src/http/contract.ts';
import { type JobHandlers, scheduledJobNames } from '../../src/jobs/jobs.ts';
import { runWorker } from '../../src/jobs/worker.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { packageVersion } from '../../src/lib/package-root.ts';
import { TestBrowser } from '../support/test-browser.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LibraryServer, startLibraryServer } from './fixtures/library-server.ts';

const memberId = '300000000000000012';

let server: LibraryServer;
let member: TestBrowser;
beforeAll(async () => {
  server = await startLibraryServer();
  const { db } = server.database;
  await ensureUser(db, memberId);
  const life = { days: 30, idleDays: 7 };
  const { secret } = await createSession(db, { userId: memberId, userAgent: null, life });
  member = new TestBrowser(server.url);
  member.setCookie('clipdex-session', secret);
});
afterAll(() => server.close());

const paths = ['/metrics', '/api/operator/doctor', '/api/operator/figures', '/api/operator/jobs'];
test.each(paths)('%s is for operators alone', async (path) => {
  expect((await server.browser.get(path)).status).toBe(200);
  const refused = await member.get(path);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'operators_only' });
  expect((await new TestBrowser(server.url).get(path)).status).toBe(401);
});

test('metrics count the instance, and time requests by their door, never by an id', async () => {
  await server.browser.get('/api/guilds/100000000000000001');
  const response = await server.browser.get('/metrics');
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  expect(text).toMatch(/^clipdex_guilds 2$/m);
  expect(text).toMatch(/^clipdex_runs_queued 0$/m);
  expect(text).toMatch(
    /clipdex_http_request_seconds_count\{method="GET",route="\/api\/guilds\/:id",status="200"\} 1/,
  );
  expect(text).not.toContain('100000000000000001');
});

test('a scheduled job is queued once however often it is asked for, and no other name is taken', async () => {
  const { items } = await server.browser.read<Page<ScheduledJob>>('/api/operator/jobs');
  expect(items.map(({ name }) => name)).toEqual(scheduledJobNames);
  expect(items.map(({ byHand }) => byHand)).toEqual(items.map(() => null));
  for (const _ of [1, 2]) {
    const queued = await server.browser.send('POST', '/api/operator/jobs/purge_install_intents/runs');
    expect(queued.status).toBe(202);
  }
  const jobs = await server.database.db.query(sql`
    select from graphile_worker.jobs where task_identifier = 'purge_install_intents'`);
  expect(jobs).toHaveLength(1);
  const other = await server.browser.send('POST', '/api/operator/jobs/scan_run/runs');
  expect(other.status).toBe(400);
  expect(await other.json()).toMatchObject({ parameters: [{ name: 'name' }] });
  expect((await member.send('POST', '/api/operator/jobs/purge_install_intents/runs')).status).toBe(403);
});

test('jobs tell when they are due, and what became of what was asked for', async () => {
  const { db } = server.database;
  const read = async (name: string) => {
    const { items } = await server.browser.read<Page<ScheduledJob>>('/api/operator/jobs');
    return items.find((job) => job.name === name);
  };
  const before = Date.now();
  const nextAt = Date.parse((await read('revive_scan_runs'))?.nextAt ?? '');
  expect(nextAt).toBeGreaterThan(before);
  expect(nextAt).toBeLessThanOrEqual(Date.now() + 60_000);

  await server.browser.send('POST', '/api/operator/jobs/prune_scan_runs/runs');
  expect((await read('prune_scan_runs'))?.byHand).toEqual({ state: 'waiting', error: null });
  const job = sql`key = 'by hand: prune_scan_runs'`;
  await db.query(sql`update graphile_worker._private_jobs set locked_at = now() where ${job}`);
  expect((await read('prune_scan_runs'))?.byHand).toEqual({ state: 'running', error: null });
  await db.query(sql`
    update graphile_worker._private_jobs set locked_at = null, last_error = repeat('e', 2000) where ${job}`);
  expect((await read('prune_scan_runs'))?.byHand).toEqual({ state: 'failing', error: 'e'.repeat(500) });
  await db.query(sql`delete from graphile_worker._private_jobs where ${job}`);
  expect((await read('prune_scan_runs'))?.byHand).toBeNull();
});

test('a job that has failed as often as it may is told to be over, and runs anew when it is asked for', async () => {
  const { db } = server.database;
  const read = async () => {
    const { items } = await server.browser.read<Page<ScheduledJob>>('/api/operator/jobs');
    return items.find(({ name }) => name === 'prune_scan_runs')?.byHand;
  };
  const ask = () => server.browser.send('POST', '/api/operator/jobs/prune_scan_runs/runs');
  const job = sql`key = 'by hand: prune_scan_runs'`;
  const stop = new AbortController();
  let isBroken = true;
  const prune_scan_runs = async () => {
    if (isBroken) throw new Error('no room');
  };
  const handlers = { prune_scan_runs } as unknown as JobHandlers;
  const log = createLogger('silent');
  const working = runWorker({
    ...{ db, handlers, schedules: {}, concurrency: 1, clock: systemClock, log, signal: stop.signal },
  });
  try {
    await ask();
    await waitFor(async () => (await read())?.state === 'failing');
    await db.query(sql`
      update graphile_worker._private_jobs set attempts = max_attempts - 1, run_at = now() where ${job}`);
    await waitFor(async () => (await read())?.state === 'failed');
    expect(await read()).toEqual({ state: 'failed', error: 'no room' });
    isBroken = false;
    await ask();
    await waitFor(async () => (await read()) === null);
  } finally {
    stop.abort();
    await working;
  }
});

test('the doctor finds out that Discord cannot be reached, and examines the rest all the same', async () => {
  const { items } = await server.browser.read<Page<Finding>>('/api/operator/doctor');
  expect(items.map(({ check, status }) => [check, status])).toEqual([
    ['node', 'ok'],
    ['data directory', 'ok'],
    ['disk', expect.stringMatching(/ok|warn/)],
    ['database', 'ok'],
    ['schema', 'ok'],
    ['program', 'warn'],
    ['Discord', 'fail'],
  ]);
});

test('the doctor finds out that a worker runs while nothing is connected to the gateway', async () => {
  const beacon = await server.database.db.hold(() => {});
  await raiseBeacon(beacon, 'worker');
  const { items } = await server.browser.read<Page<Finding>>('/api/operator/doctor');
  beacon.release();
  expect(items).toContainEqual(expect.objectContaining({ check: 'program', status: 'ok' }));
  expect(items).toContainEqual({
    check: 'gateway connection',
    status: 'warn',
    message: expect.stringContaining('The gateway is not connected'),
    action: expect.stringContaining('role "gateway"'),
  });
});

test('the doctor is asked so often only', async () => {
  const ask = () => server.browser.get('/api/operator/doctor').then(({ status }) => status);
  const statuses = await Promise.all(Array.from({ length: 12 }, ask));
  expect(statuses).toContain(200);
  expect(statuses).toContain(429);
});

test('figures are those of the metrics, with the versions', async () => {
  const figures = await server.browser.read<KeyFigures>('/api/operator/figures');
  expect(figures).toMatchObject({ version: packageVersion(), guilds: 2, workers: 0, gatewayShards: 0 });
  expect(figures.nodeVersion).toBe(process.versions.node);
  const text = await (await server.browser.get('/metrics')).text();
  expect(text).toMatch(new RegExp(`^clipdex_channels_reading ${figures.channelsReading}$`, 'm'));
  expect(text).toMatch(/^clipdex_workers 0$/m);
});
