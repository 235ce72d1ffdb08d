import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ids } from '../sandbox/small-world.ts';
import type { TestBrowser } from '../support/test-browser.ts';
import { changingKnocks, type Knock, lookingKnocks } from './attack-doors.ts';
import { type AskHeaders, ask, codeOf, cookieHeader } from './attack-http.ts';
import { type AttackStage, openAttackStage, type WebProgram } from './attack-stage.ts';
import { dumpLasting } from './database-dump.ts';

let stage: AttackStage;
let web: WebProgram;
let browser: TestBrowser;
let cookie: string;
let knocks: Knock[];

beforeAll(async () => {
  stage = await openAttackStage();
  await stage.program.stop(); // so that nothing changes but by what is asked
  web = await stage.startAnother();
});
beforeEach(async () => {
  browser = stage.newBrowserAt(web.url);
  await browser.logIn(ids.owner);
  cookie = cookieHeader(browser);
  knocks = await changingKnocks(stage, browser);
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

/** What a browser tells when a page elsewhere sends the request, and what lesser browsers and scripts tell. */
function foreignHeaders(): Record<string, AskHeaders> {
  const { host, port } = new URL(web.url);
  return {
    'no word on where it comes from': {},
    'another site': { 'sec-fetch-site': 'cross-site' },
    'a sister domain': { 'sec-fetch-site': 'same-site' },
    'a bookmark, or the address line': { 'sec-fetch-site': 'none' },
    'an empty word': { 'sec-fetch-site': '' },
    'the word in other letters': { 'sec-fetch-site': 'Same-Origin' },
    'two words': { 'sec-fetch-site': ['same-origin', 'cross-site'] },
    'another origin': { origin: 'https://evil.example' },
    'no origin in particular': { origin: 'null' },
    'an empty origin': { origin: '' },
    'another port': { origin: `http://127.0.0.1:${Number(port) + 1}` },
    'no port': { origin: 'http://127.0.0.1' },
    'another scheme': { origin: `https://${host}` },
    'another name of this machine': { origin: `http://localhost:${port}` },
    'a name that begins as ours': { origin: `http://${host}.evil.example` },
    'a name that ends as ours': { origin: `http://evil.example@${host}` },
    'two origins': { origin: [`http://${host}`, 'https://evil.example'] },
    'ours, although the browser knows better': { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    'only a referrer of ours': { referer: `http://${host}/account` },
  };
}

const contentTypes: [string | null, string][] = [
  ['application/json', '{"showsAgeRestricted":true}'],
  ['application/json; charset=utf-8', '{"showsAgeRestricted":true}'],
  ['text/plain', '{"showsAgeRestricted":true}'],
  ['application/x-www-form-urlencoded', '{"showsAgeRestricted":true,"x":"="}'],
  ['application/x-www-form-urlencoded', 'showsAgeRestricted=true'],
  [
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="showsAgeRestricted"\r\n\r\ntrue\r\n--b--\r\n',
  ],
  ['', '{"showsAgeRestricted":true}'],
  [null, '{"showsAgeRestricted":true}'],
  [null, ''],
];

function knock({ method, path, body }: Knock, headers: AskHeaders) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return ask(web.url, path, { method, headers: { cookie, ...json, ...headers }, body: text ?? '' });
}

describe('a page elsewhere that makes the browser of somebody who may do everything send something', () => {
  test('opens no door that changes anything, wherever it says to come from', async () => {
    const before = await dumpLasting(stage.db);
    for (const [name, headers] of Object.entries(foreignHeaders())) {
      const answers = await Promise.all(knocks.map((each) => knock(each, headers)));
      const codes = answers.map((answer) => codeOf(answer));
      expect({ name, codes }).toEqual({ name, codes: knocks.map(() => 'cross_origin') });
    }
    expect(await dumpLasting(stage.db)).toEqual(before);
  });

  test('of whatever type its body is, and by whatever method', async () => {
    const before = await dumpLasting(stage.db);
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      for (const headers of Object.values(foreignHeaders())) {
        const answers = await Promise.all(
          contentTypes.map(([type, body]) => {
            const typed = type === null ? {} : { 'content-type': type };
            return ask(web.url, '/api/me', { method, headers: { cookie, ...headers, ...typed }, body });
          }),
        );
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
      }
    }
    expect(await dumpLasting(stage.db)).toEqual(before);
  });

  test('gets no leave of CORS, and reads nothing', async () => {
    const asked = {
      origin: 'https://evil.example',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization, content-type',
    };
    for (const path of ['/api/me', '/api/guilds', '/auth/logout', '/videos/1/stream']) {
      const preflight = await ask(web.url, path, { method: 'OPTIONS', headers: asked });
      const read = await ask(web.url, path, { headers: { cookie, origin: 'https://evil.example' } });
      for (const { headers } of [preflight, read]) {
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      }
      expect(preflight.status).toBe(404);
    }
  });

  test('with an Authorization of its own, the cookie does not count, and it changes nothing', async () => {
    const before = await dumpLasting(stage.db);
    for (const authorization of [
      '',
      'Basic Og==',
      'Bearer ',
      'Bearer x',
      'Bearer clipdex_x',
      'Negotiate x',
    ]) {
      const told = { authorization, 'sec-fetch-site': 'cross-site' };
      const answers = await Promise.all(knocks.map((each) => knock(each, told)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    }
    expect(await dumpLasting(stage.db)).toEqual(before);
  });
});

test.each([
  { 'sec-fetch-site': 'same-origin' },
  { origin: 'ours' },
  { 'sec-fetch-site': 'same-origin', origin: 'ours' },
])('our own page opens them: %j', async (given) => {
  const origin = 'origin' in given ? { origin: `http://${new URL(web.url).host}` } : {};
  for (const each of knocks.filter(
    ({ path }) => !path.startsWith('/api/sessions') && path !== '/auth/logout',
  )) {
    const answer = await knock(each, { ...given, ...origin });
    if (answer.status >= 400) expect(codeOf(answer)).not.toMatch(/cross_origin|not_logged_in|body/);
  }
});

describe('a method that is said to be another', () => {
  const names = ['x-http-method-override', 'x-http-method', 'x-method-override', '_method'];

  test('is what it is', async () => {
    const before = await dumpLasting(stage.db);
    const own = { 'sec-fetch-site': 'same-origin' };
    for (const method of ['GET', 'POST']) {
      for (const each of knocks) {
        if (each.method === method) continue;
        const isDoor = knocks.some((other) => other.method === method && other.path === each.path);
        if (isDoor) continue;
        for (const name of names) {
          const headers = { cookie, ...own, [name]: each.method };
          const path = `${each.path}?_method=${each.method}`;
          const { status } = await ask(web.url, path, { method, headers });
          expect([200, 400, 404]).toContain(status);
        }
      }
    }
    expect(await dumpLasting(stage.db)).toEqual(before);
  });

  test.each(['TRACE', 'PROPFIND', 'MKCOL', 'SEARCH', 'PURGE', 'LOCK', 'M-SEARCH', 'LINK'])(
    '%s opens nothing',
    async (method) => {
      const headers = { cookie, 'sec-fetch-site': 'same-origin' };
      for (const path of ['/', '/api/me', '/api/tokens', `/api/channels/${ids.general}`]) {
        const { status, body } = await ask(web.url, path, { method, headers });
        expect([403, 404]).toContain(status);
        expect(body).not.toContain(cookie);
      }
    },
  );
});

test('looking changes nothing: all doors of GET, and HEAD, leave the database as it is', async () => {
  const looks = (await lookingKnocks(stage, browser)).filter(({ path }) => !path.startsWith('/auth'));
  const headers = { cookie };
  await ask(web.url, '/api/guilds', { headers }); // what the viewer sees is computed
  const before = await dumpLasting(stage.db);
  for (const { path } of looks) {
    for (const method of ['GET', 'HEAD']) {
      const { status } = await ask(web.url, path, { method, headers });
      expect({ path, status }).toEqual({ path, status: expect.toSatisfy((one: number) => one < 400) });
    }
  }
  expect(await dumpLasting(stage.db)).toEqual(before);
});
