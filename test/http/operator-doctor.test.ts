import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkClient } from '../../src/doctor/client-checks.ts';
import { Doctor } from '../../src/doctor/doctor.ts';
import type { Finding, KeyFigures, Page } from '../../src/http/contract.ts';
import { type AttackStage, openAttackStage, SECRET_KEY } from '../access/attack-stage.ts';
import { ids } from '../sandbox/small-world.ts';
import type { TestBrowser } from '../support/test-browser.ts';

/** The whole program, asked by its operator. */
let stage: AttackStage;
let operator: TestBrowser;
beforeAll(async () => {
  stage = await openAttackStage();
  operator = await stage.logIn(ids.owner);
});
afterEach(async () => {
  await stage.sandbox.control('clear-faults');
  await stage.sandbox.control('latency', { ms: 0 });
});
afterAll(() => stage.close());

async function examine(): Promise<Finding[]> {
  return (await operator.read<Page<Finding>>('/api/operator/doctor')).items;
}

const hostChecks = ['node', 'data directory', 'database', 'schema', 'program', 'gateway connection'];

test('the doctor examines the running program, as the command does', async () => {
  const findings = await examine();
  for (const check of [...hostChecks, 'Discord', 'client secret', 'token']) {
    expect(findings).toContainEqual(expect.objectContaining({ check, status: 'ok', action: null }));
  }
  expect(findings).toContainEqual({
    check: 'guild Lighthouse',
    status: 'warn',
    message: expect.stringContaining('Read Message History is missing in #'),
    action: expect.stringContaining('Read Message History'),
  });
});

test('it tells no secret', async () => {
  const text = JSON.stringify(await examine());
  for (const secret of [stage.sandbox.token, stage.sandbox.clientSecret, SECRET_KEY, stage.databaseUrl]) {
    expect(text).not.toContain(secret);
  }
});

test.each([
  [
    'of another secret',
    { clientSecret: 'a-guess-that-is-none' },
    'warn',
    /^DISCORD_CLIENT_SECRET is refused/,
  ],
  ['of another application', { clientId: '1' }, 'warn', /DISCORD_CLIENT_ID is that of another application/],
  ['sent to where others read along', { apiUrl: 'http://discord.example/api' }, 'warn', /was not sent there/],
  ['as it is', {}, 'ok', /^Discord takes it$/],
] as const)('a client secret %s', async (_, change, status, message) => {
  const { clientId, clientSecret, apiUrl } = stage.sandbox;
  const { signal } = new AbortController();
  const finding = await checkClient({ clientId, clientSecret, apiUrl, ...change }, signal);
  expect(finding).toMatchObject({ check: 'client secret', status, message: expect.stringMatching(message) });
  expect(JSON.stringify(finding)).not.toContain('a-guess-that-is-none');
});

test('whether the client secret is taken is unknown while Discord has an outage', async () => {
  await stage.sandbox.control('fail', { route: '/oauth2/token', status: 503, count: 1 });
  expect(await examine()).toContainEqual(
    expect.objectContaining({
      check: 'client secret',
      status: 'warn',
      message: expect.stringContaining('HTTP 503'),
    }),
  );
});

test('what Discord refuses is a finding, and no failure', async () => {
  await stage.sandbox.control('fail', { route: '/guilds/:guild/channels', status: 403, count: 1 });
  const findings = await examine();
  expect(findings.at(-1)).toMatchObject({ check: 'guild Lighthouse', status: 'fail' });
});

test('those who ask at once share one examination', async () => {
  await stage.sandbox.control('latency', { ms: 50 });
  await stage.sandbox.control('reset-stats');
  const [first, ...others] = await Promise.all([examine(), examine(), examine()]);
  expect(others).toEqual([first, first]);
  const asked = Object.entries(await stage.sandbox.requests());
  expect(asked.filter(([route]) => route.endsWith('/gateway')).map(([, count]) => count)).toEqual([1]);
});

test('it ends in time, with what it has found, and tells after what', async () => {
  const { db, rest, config, discord } = stage.program.app;
  const doctor = new Doctor({
    ...{ db, rest, ...discord, isSandbox: false, dataDir: config.dataDir, publicUrl: null },
    ...{ databaseKind: 'server', deadlineMs: 4_000 },
  });
  await stage.sandbox.control('latency', { ms: 2_400 });
  const findings = await doctor.examine(new AbortController().signal);
  expect(findings).toContainEqual(expect.objectContaining({ check: 'Discord', status: 'ok' }));
  expect(findings.at(-1)).toMatchObject({
    check: 'time',
    status: 'warn',
    message: expect.stringContaining('within 4 s: it ended after “clock”'),
  });
  await stage.sandbox.control('latency', { ms: 0 });
  expect((await doctor.examine(new AbortController().signal)).at(-1)?.check).toBe('guild Lighthouse');
});

test('figures tell that worker and gateway live', async () => {
  const figures = await operator.read<KeyFigures>('/api/operator/figures');
  expect(figures).toMatchObject({ workers: 1, gatewayShards: 1, guilds: 1, guildsAwaitingSetup: 0 });
});
