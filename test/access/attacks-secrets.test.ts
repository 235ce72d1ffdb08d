import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type { NewApiToken } from '../../src/http/contract.ts';
import { ids } from '../sandbox/small-world.ts';
import { locationOf, TestBrowser } from '../support/test-browser.ts';
import { changingKnocks, lookingKnocks } from './attack-doors.ts';
import { type RecordingProxy, startRecordingProxy } from './attack-proxy.ts';
import { type AttackStage, openAttackStage, SECRET_KEY, type WebProgram } from './attack-stage.ts';
import { dumpDatabase } from './database-dump.ts';

/** By what it is. */
const secrets = new Map<string, string>();
/** What the program answered to anybody: status, headers and body. */
const answers: string[] = [];

let stage: AttackStage;
let proxy: RecordingProxy;
let web: WebProgram;

beforeAll(async () => {
  stage = await openAttackStage();
  proxy = await startRecordingProxy(stage.sandbox.url);
  web = await stage.startAnother({ DISCORD_API_URL: `${proxy.url}/api` });
  recordAnswers();
  await useEverything();
  collectSecrets();
}, 120_000);
afterAll(async () => {
  vi.restoreAllMocks();
  await stage.close();
  await proxy.close();
});

function recordAnswers(): void {
  const { fetch } = globalThis;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await fetch(input, init);
    if (!String(input).startsWith(web.url)) return response;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    const body = isStream ? '' : await response.clone().text();
    answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${body}`);
    return response;
  });
}

/** Everything that a viewer can do, everything that goes wrong on the way, and all doors. */
async function useEverything(): Promise<void> {
  await stage.sandbox.control('token-life', { secs: 200 }); // so that it is refreshed at its first use
  const outsider = new TestBrowser(web.url);
  await logIn(outsider, ids.outsider);
  await stage.db.query(sql`update viewers set guilds_read_at = now() - interval '1 hour'`);
  await outsider.get('/api/me/guilds');
  await install(outsider);

  const owner = new TestBrowser(web.url);
  await logIn(owner, ids.owner);
  for (const scope of ['read', 'manage']) {
    const made = await owner.send('POST', '/api/tokens', { name: scope, scope, expiresInDays: 1 });
    secrets.set(`${scope} token`, ((await made.json()) as NewApiToken).token);
  }
  for (const { path } of await lookingKnocks(stage, owner))
    await owner.get(path).then((one) => one.body?.cancel());
  await stage.db.query(sql`delete from rate_limits`);
  await failInEveryWay(owner);
  for (const { method, path, body } of await changingKnocks(stage, owner)) {
    if (!/sessions|logout/.test(path)) await owner.send(method, path, body);
  }
}

async function logIn(browser: TestBrowser, userId: string): Promise<void> {
  const away = new URL(locationOf(await browser.get('/auth/login')));
  const back = new URL(await browser.approve(away.href, { user_id: userId }));
  secrets.set(`state of a login ${userId}`, away.searchParams.get('state') ?? '');
  secrets.set(`code of a login ${userId}`, back.searchParams.get('code') ?? '');
  secrets.set(`cookie of a login ${userId}`, browser.cookies.get('clipdex-login') ?? '');
  await browser.get(`${back.pathname}${back.search}`);
  await browser.get(`${back.pathname}${back.search}`); // and once more, in vain
  secrets.set(`session ${userId}`, browser.cookies.get('clipdex-session') ?? '');
}

async function install(browser: TestBrowser): Promise<void> {
  const begun = await browser.send('POST', '/api/installs', { guildId: ids.otherGuild });
  const { url } = (await begun.json()) as { url: string };
  const back = new URL(await browser.approve(url, { user_id: ids.outsider }));
  secrets.set('state of an install', back.searchParams.get('state') ?? '');
  secrets.set('code of an install', back.searchParams.get('code') ?? '');
  secrets.set('cookie of an install', browser.cookies.get('clipdex-login') ?? '');
  await browser.get(`${back.pathname}${back.search}`);
}

/** Discord and the database fail in the middle of what carries secrets. */
async function failInEveryWay(owner: TestBrowser): Promise<void> {
  const echoed = JSON.stringify([...secrets.values()]);
  for (const fault of [
    { route: '/oauth2/token', kind: 'answer', status: 400, body: `{"error":${echoed}}` },
    { route: '/oauth2/token', kind: 'answer', status: 401, body: echoed },
    { route: '/oauth2/token', kind: 'answer', status: 500, body: echoed },
    { route: '/oauth2/token', kind: 'answer', status: 200, body: `{"access_token":${echoed}}` },
    { route: '/oauth2/token', kind: 'close' },
    { route: '/oauth2/token', kind: 'truncated' },
    { route: '/users/@me', kind: 'answer', status: 401, body: echoed },
    { route: '/users/@me', kind: 'answer', status: 403, body: echoed },
    { route: '/users/@me/guilds', kind: 'answer', status: 200, body: echoed },
  ]) {
    await stage.sandbox.control('fail', fault);
    const browser = new TestBrowser(web.url);
    const away = locationOf(await browser.get('/auth/login'));
    const back = new URL(await browser.approve(away, { user_id: ids.member }));
    await browser.get(`${back.pathname}${back.search}`);
    await stage.sandbox.control('clear-faults');
  }
  await stage.db.query(sql`alter table sessions rename column user_agent to gone`);
  await owner.get('/api/me');
  await stage.db.query(sql`alter table sessions rename column gone to user_agent`);
  await stage.db.query(sql`alter table api_tokens rename column name to gone`);
  await owner.get('/api/me', { authorization: `Bearer ${secrets.get('read token')}` });
  await owner.send('POST', '/api/tokens', { name: 'x', scope: 'read', expiresInDays: 1 });
  await stage.db.query(sql`alter table api_tokens rename column gone to name`);
  await owner.get(`/api/me?token=${secrets.get('read token')}`);
  await owner.get('/api/me', { authorization: `Basic ${secrets.get('read token')}` });
}

function collectSecrets(): void {
  secrets.set('secret key', SECRET_KEY);
  secrets.set('bot token', stage.sandbox.token);
  secrets.set('client secret', stage.sandbox.clientSecret);
  const text = proxy.heard.join('\n');
  for (const [name, pattern] of [
    ['access token of Discord', /"access_token": ?"([^"]{20,})"/g],
    ['refresh token of Discord', /"refresh_token": ?"([^"]{20,})"/g],
    ['authorization', /^Bearer (\S+)$/gm],
    ['authorization of the application', /^Basic (\S+)$/gm],
    ['verifier', /code_verifier=([\w.~-]+)/g],
  ] as const) {
    for (const [n, [, secret = '']] of [...text.matchAll(pattern)].entries())
      secrets.set(`${name} ${n}`, secret);
  }
}

/** As it is, and as it would look in other dress. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ];
  return [...new Set([secret, encodeURIComponent(secret), ...encoded])];
}

function found(texts: readonly string[]): string[] {
  const text = texts.join('\n');
  return [...secrets]
    .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
    .map(([name]) => name);
}

test('there is something to be kept secret of each kind', () => {
  const kinds = new Set([...secrets.keys()].map((name) => name.replace(/ \d+$/, '')));
  expect([...kinds].sort()).toEqual([
    'access token of Discord',
    'authorization',
    'authorization of the application',
    'bot token',
    'client secret',
    'code of a login',
    'code of an install',
    'cookie of a login',
    'cookie of an install',
    'manage token',
    'read token',
    'refresh token of Discord',
    'secret key',
    'session',
    'state of a login',
    'state of an install',
    'verifier',
  ]);
  for (const [name, secret] of secrets)
    expect({ name, isLong: secret.length >= 20 }).toEqual({ name, isLong: true });
});

test('it is in no line of the log, of the finest level', () => {
  expect(stage.lines.length).toBeGreaterThan(50);
  expect(stage.lines.some((line) => line.includes('"level":50'))).toBe(true);
  expect(found(stage.lines)).toEqual([]);
});

test('nor in any row of any table, jobs and settings among them', async () => {
  const dump = await dumpDatabase(stage.db);
  expect(Object.keys(dump).some((table) => table.startsWith('graphile_worker.'))).toBe(true);
  expect(dump['public.sessions']?.length).toBeGreaterThan(0);
  expect(dump['public.discord_grants']?.length).toBeGreaterThan(0);
  expect(found(Object.values(dump).flat())).toEqual([]);
});

describe('of answers, only in those that hand it over', () => {
  const isGiven = (answer: string) =>
    /"set-cookie","clipdex-(session|login)=[^;]/.test(answer) ||
    /^201 .*"token":"clipdex_/.test(answer) ||
    /"location","[^"]*\/oauth2\/authorize\?|"url":"[^"]*\/oauth2\/authorize\?/.test(answer);

  test('it is in no other', () => {
    const others = answers.filter((answer) => !isGiven(answer));
    expect(others.length).toBeGreaterThan(40);
    expect(found(others)).toEqual([]);
  });

  test('and there, each gives away only its own', () => {
    for (const answer of answers.filter(isGiven)) {
      expect(found([answer]).length).toBeLessThanOrEqual(2); // a state, and the cookie that goes with it
      expect(found([answer]).join()).not.toMatch(/Discord|key|authorization|verifier|client|bot/);
    }
  });

  test('what failed tells nothing of how', () => {
    const failures = answers.filter((answer) => /^5\d\d /.test(answer));
    expect(failures.length).toBeGreaterThan(1);
    for (const answer of failures)
      expect(answer).not.toMatch(/column|select|user_agent|\.ts|node_modules|postgres/i);
  });
});
