import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listRuns } from '../../src/db/list-scan-runs.ts';
import type { Guild, Page, Run } from '../../src/http/contract.ts';
import { createLogger } from '../../src/lib/log.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { TestBrowser } from '../support/test-browser.ts';
import { waitFor } from '../support/wait-for.ts';
import { type RunningClipdex, runClipdex, startClipdex } from './run-clipdex.ts';

const MAX_STOP_MS = 5_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('start runs everything, commands join it, and Ctrl-C told twice ends it cleanly', async () => {
  const [someone] = [...generateWorld(1).users.values()].filter((user) => !user.bot);
  const env = environment({ SANDBOX_LIVE_TRAFFIC: 'off', OPERATOR_IDS: someone?.id ?? '' });
  await using program = await startClipdex(['start'], env);
  const printed = linesOf(program);
  await waitFor(() => printed.join('\n').includes('Clipdex is at'));
  const page = /Clipdex is at (\S+)/.exec(printed.join('\n'))?.[1] ?? '';
  expect(printed[0]).toBe('Database  from DATABASE_URL');
  expect(printed.join('\n')).toMatch(/^Discord {3}a sandbox on this machine.*$/m);
  expect(printed.join('\n')).toMatch(/^Roles {5}gateway, worker, web$/m);

  await waitFor(
    async () => (await listRuns(database.db, 'everything', { status: 'succeeded', limit: 1 })).length > 0,
  );
  const browser = new TestBrowser(page);
  expect(await browser.logIn(someone?.id ?? '')).toBe('/');
  await waitFor(async () => (await browser.read<Page<Guild>>('/api/guilds')).items.length >= 3);

  const [done] = await listRuns(database.db, 'everything', { status: 'succeeded', limit: 1 });
  const scan = await runClipdex(['scan', done?.channelId ?? '', '--wait', '--json'], environment());
  expect(scan).toMatchObject({ code: 0, stderr: expect.not.stringContaining('No program') });
  expect(JSON.parse(scan.stdout) as Run).toMatchObject({ channelId: done?.channelId, status: 'succeeded' });

  const askedAt = performance.now();
  program.child.kill('SIGINT');
  program.child.kill('SIGINT');
  expect(await program.exited).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(MAX_STOP_MS);
  expect(printed.at(-1)).toBe('Stopped.');
});

test('sandbox serves alone, and says how to be reached', async () => {
  await using sandbox = await startClipdex(['sandbox', '--json'], environment());
  const printed = linesOf(sandbox);
  await waitFor(() => printed.length > 0);
  const { apiUrl, environment: variables } = JSON.parse(printed[0] ?? '');
  expect(variables).toMatchObject({ DISCORD_API_URL: apiUrl, DISCORD_BOT_TOKEN: expect.any(String) });

  const doctor = await runClipdex(['doctor', '--json'], environment(variables));
  const findings = JSON.parse(doctor.stdout) as { check: string; status: string; message: string }[];
  expect(findings).toContainEqual(expect.objectContaining({ check: 'token', status: 'ok' }));
  expect(findings).toContainEqual(expect.objectContaining({ check: 'message content intent', status: 'ok' }));
  expect(findings.map(({ message }) => message).join('\n')).toMatch(/Read Message History is missing in #/);
  expect(doctor.code).toBe(0);

  sandbox.child.kill('SIGTERM');
  expect(await sandbox.exited).toBe(0);
});

describe('start ends with 1 and a sentence', () => {
  let sandbox: RunningSandbox;
  beforeAll(async () => {
    const log = createLogger('silent');
    sandbox = await startSandbox({
      port: 0,
      world: generateWorld(1),
      log,
      signal: new AbortController().signal,
    });
  });
  afterAll(() => sandbox.close());

  test('when Discord refuses the token, which it does not show', async () => {
    const env = environment({ DISCORD_BOT_TOKEN: 'forged.token.here', DISCORD_API_URL: sandbox.apiUrl });
    const { code, stderr } = await runClipdex(['start'], env);
    expect(stderr).toMatch(/set DISCORD_BOT_TOKEN/);
    expect(stderr).not.toMatch(/forged|\n {4}at /);
    expect(code).toBe(1);

    const doctor = await runClipdex(['doctor'], env);
    expect(doctor.stdout).toMatch(/^fail {2}token: Discord refuses DISCORD_BOT_TOKEN\. – .*Reset Token/m);
    expect(doctor.code).toBe(1);
  });

  test('when the message content intent is not switched on', async () => {
    const body = JSON.stringify({ message_content: false });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${sandbox.url}/_sandbox/intents`, { method: 'POST', headers, body });
    expect(answer.ok).toBe(true);
    const env = environment({ DISCORD_BOT_TOKEN: sandbox.token, DISCORD_API_URL: sandbox.apiUrl });
    const { code, stderr } = await runClipdex(['start'], env);
    expect(stderr).toMatch(/MESSAGE_CONTENT is not switched on/);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(code).toBe(1);

    const doctor = await runClipdex(['doctor'], env);
    expect(doctor.stdout).toMatch(/^fail {2}message content intent: .* switch on "Message Content Intent"/m);
    expect(doctor.code).toBe(1);
  });

  test.each([
    ['is a file', process.execPath],
    // Where Node's recursive mkdir would never return.
    ['cannot be made', '/proc/clipdex/data'],
  ])('when the data directory %s', async (_, dataDir) => {
    const { code, stderr } = await runClipdex(['start'], { DATA_DIR: dataDir });
    expect(stderr).toMatch(/^The data directory cannot be used .* set DATA_DIR to another folder\.\n$/);
    expect(code).toBe(1);
  });

  test.each([
    ['PORT', ['gateway', 'worker', 'web']],
    ['SANDBOX_PORT', ['worker']],
  ])('when the port of %s is taken', async (name, roles) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const port = String((other.address() as AddressInfo).port);
      const { code, stderr } = await runClipdex(
        ['start'],
        environment({ [name]: port, ROLES: roles.join(',') }),
      );
      expect(stderr).toContain(port);
      expect(stderr).toMatch(new RegExp(`set ${name} to`, 'i'));
      expect(stderr).not.toMatch(/\n {4}at /);
      expect(code).toBe(1);
    } finally {
      other.close();
      await once(other, 'close');
    }
  });
});

function environment(more: Record<string, string> = {}): Record<string, string> {
  return { DATABASE_URL: database.url, PORT: '0', SANDBOX_PORT: '0', ...more };
}

/** What the program has printed so far, line by line. */
function linesOf({ child }: RunningClipdex): string[] {
  const lines: string[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.filter((line) => line !== ''));
  });
  return lines;
}
