import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attachmentId, ids } from '../sandbox/small-world.ts';
import { ask, cookieHeader, sendBytes } from './attack-http.ts';
import { type AttackStage, openAttackStage } from './attack-stage.ts';

let stage: AttackStage;
let cookie: string;
beforeAll(async () => {
  stage = await openAttackStage();
});
beforeEach(async () => {
  cookie = cookieHeader(await stage.logIn(ids.member));
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

describe('a path that is written in another way', () => {
  const guild = ids.guild;
  const ways = [
    `/api/guilds/${guild}/`,
    `/api/guilds//${guild}`,
    `//api/guilds/${guild}`,
    `/api//guilds/${guild}`,
    `/API/guilds/${guild}`,
    `/api/Guilds/${guild}`,
    `/api/guilds/${guild}%2f`,
    `/api/guilds/${guild}%2Fsettings`,
    `/api/guilds/${guild}%252Fsettings`,
    `/api/guilds%2f${guild}`,
    `/api%2fguilds/${guild}`,
    `/api/guilds/${guild}%00`,
    `/api/guilds/${guild}%20`,
    `/api/guilds/${guild}.json`,
    `/api/guilds/${guild};a=b`,
    `/api/guilds/${guild}%3f`,
    `/api/guilds/0${guild}`,
    `/api/guilds/+${guild}`,
    `/api/guilds/${guild}n`,
    '/api/guilds/7１0000000000000000', // a digit of another script
    `/api/guilds/%ef%bc%97${guild.slice(1)}`,
    `/api/guilds/%`,
    `/api/guilds/%zz`,
    `/api/guilds/%c0%af`,
    `/api/guilds/%u0037`,
    '/api/guilds/..%2f..%2fetc%2fpasswd',
    '/api/guilds/%2e%2e%2f%2e%2e',
    '/api/guilds/..%5c..%5cwindows',
    `/assets/..%2f..%2fpackage.json`,
    '/assets/%2e%2e%2findex.html',
    '/assets/....//index.html',
    '/assets/%00',
    '/assets/',
    '/assets/__proto__',
    '/assets/constructor',
    '/.env',
    '/.git/config',
    '/index.html/',
    '/dist/server/main.js',
    '/data/secret-key',
    '/server-status',
    `/api/guilds/${'9'.repeat(3_000)}`,
    `/api/${'a/'.repeat(1_500)}`,
  ];

  test.each(ways)('%s: nothing of anybody', async (path) => {
    const answer = await ask(stage.url, encodeNonAscii(path), { headers: { cookie } });
    expect([400, 404]).toContain(answer.status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).not.toContain('Lighthouse');
    expect(answer.body).not.toMatch(/node_modules|\.ts:|\bat \//);
  });

  test.each([
    ['dots', `/api/x/../guilds/${guild}`],
    ['a dot', `/api/./guilds/${guild}`],
    ['encoded dots', `/api/%2e/x/%2e%2e/guilds/${guild}`],
    ['encoded letters', `/api/%67uilds/${guild}`],
  ])('%s are what browsers make of them, and the same right is asked for', async (_, path) => {
    expect((await ask(stage.url, path, { headers: { cookie } })).status).toBe(200);
    expect((await ask(stage.url, path)).status).toBe(401);
  });

  test('dots do not lead from what is open to what is not', async () => {
    for (const path of ['/healthz/../api/guilds', '/assets/../api/guilds', '/api/instance/../guilds']) {
      expect((await ask(stage.url, path)).status).toBe(401);
    }
  });
});

test('what is too long is refused before anything is looked for', async () => {
  for (const path of [`/${'a'.repeat(5_000)}`, `/api/videos?cursor=${'a'.repeat(5_000)}`]) {
    expect(await ask(stage.url, path, { headers: { cookie } })).toMatchObject({ status: 414 });
  }
  expect((await ask(stage.url, `/${'a'.repeat(20_000)}`)).status).toBe(431);
  expect((await ask(stage.url, '/healthz')).status).toBe(200);
});

test.each([
  ['a parameter twice: the first counts, nobody else sees another', `/api/videos?limit=1&limit=100`, 200],
  ['a list', '/api/videos?limit[]=1', 400],
  ['an object', '/api/videos?guild_id[$ne]=1', 400],
  ['a prototype', '/api/videos?__proto__[limit]=1', 400],
  ['a name of every object', '/api/videos?hasOwnProperty=1', 400],
  ['a parameter without a value', '/api/videos?limit', 400],
  ['a broken encoding', '/api/videos?guild_id=%zz', 400],
  ['NUL', '/api/videos?guild_id=%00', 400],
  ['thousands of them', `/api/videos?${'a=1&'.repeat(900)}`, 400],
  ['a semicolon', '/api/videos?limit=1;guild_id=2', 400],
  ['a fragment', '/api/videos?limit=1%23', 400],
])('in a query %s', async (_, path, status) => {
  const answer = await ask(stage.url, path, { headers: { cookie } });
  expect(answer.status).toBe(status);
});

describe('a request for another name', () => {
  const { guild } = ids;
  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80',
    '10.0.0.1',
    '127.0.0.1@evil.example',
    'evil.example#127.0.0.1',
    'evil.example?127.0.0.1',
    '[::ffff:10.0.0.1]',
    '0.0.0.0',
    'localhost.',
    'xn--lcalhost-54a',
    '127.0.0.1:99999',
    '127.0.0.1 evil.example',
  ])('Host: %j', async (host) => {
    const { status, body } = await ask(stage.url, `/api/guilds/${guild}`, { headers: { host, cookie } });
    expect([400, 421]).toContain(status);
    expect(body).not.toContain('Lighthouse');
  });

  test('two of them, none, or another in the target itself', async () => {
    const head = (target: string, ...hosts: string[]) =>
      sendBytes(
        stage.url,
        `GET ${target} HTTP/1.1\r\n${hosts.map((host) => `Host: ${host}\r\n`).join('')}Cookie: ${cookie}\r\nConnection: close\r\n\r\n`,
      );
    const { host } = new URL(stage.url);
    expect(await head(`http://evil.example/api/guilds/${guild}`, host)).toMatch(/^HTTP\/1.1 421 /);
    expect(await head(`http://evil.example/api/guilds/${guild}`, 'evil.example')).toMatch(/^HTTP\/1.1 421 /);
    expect(await head(`https://${host}@evil.example/api/guilds/${guild}`, host)).toMatch(/^HTTP\/1.1 421 /);
    const unreadable = await head(`/api/guilds/${guild}`, '127.0.0.1:99999');
    expect(unreadable).toMatch(/^HTTP\/1.1 400 /);
    expect(unreadable).toMatch(/content-type: application\/problem\+json/i);
    expect(unreadable).toMatch(/x-content-type-options: nosniff/i);
    expect(unreadable).toContain('"code":"request_unreadable"');
    expect(await head(`/api/guilds/${guild}`, '')).toMatch(/^HTTP\/1.1 400 /);
    expect(await head(`/api/guilds/${guild}`)).toMatch(/^HTTP\/1.1 400 /);
    expect(await head(`/api/guilds/${guild}`, 'evil.example', host)).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(await head(`ftp://${host}/api/guilds`, host)).toMatch(/^HTTP\/1.1 40\d /);
    expect(await head('*', host)).toMatch(/^HTTP\/1.1 40\d /);
    expect(await head('evil.example:443', host)).toMatch(/^HTTP\/1.1 40\d /);
  });

  test('headers of proxies name nobody', async () => {
    for (const headers of [
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-server': 'evil.example' },
      { 'x-original-url': '/metrics' },
      { 'x-rewrite-url': '/metrics' },
      { 'x-forwarded-prefix': '/metrics' },
      { 'x-forwarded-user': ids.owner },
      { 'x-remote-user': ids.owner },
    ]) {
      const { status, body } = await ask(stage.url, '/api/me', { headers: { ...headers, cookie } });
      expect(status).toBe(200);
      expect(JSON.parse(body)).toMatchObject({ id: ids.member, isOperator: false });
      expect(body).not.toContain('evil.example');
    }
  });
});

describe('bytes that two servers in a row would read differently', () => {
  const host = () => new URL(stage.url).host;
  const post = (headers: string, body: string) =>
    `POST /api/tokens HTTP/1.1\r\nHost: ${host()}\r\nCookie: ${cookie}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;
  const smuggled = () => `GET /api/guilds HTTP/1.1\r\nHost: ${host()}\r\nCookie: ${cookie}\r\n\r\n`;

  test.each([
    ['two lengths', () => post('Content-Length: 5\r\nContent-Length: 6', `{}   ${smuggled()}`)],
    [
      'a length and chunks',
      () => post('Content-Length: 5\r\nTransfer-Encoding: chunked', `0\r\n\r\n${smuggled()}`),
    ],
    [
      'chunks and a length',
      () => post('Transfer-Encoding: chunked\r\nContent-Length: 5', `0\r\n\r\n${smuggled()}`),
    ],
    ['chunks of another name', () => post('Transfer-Encoding: xchunked', `0\r\n\r\n${smuggled()}`)],
    ['a space before the colon', () => post('Transfer-Encoding : chunked', `0\r\n\r\n${smuggled()}`)],
    ['a folded header', () => post('X-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 0', smuggled())],
    ['a negative length', () => post('Content-Length: -1', smuggled())],
    ['a length with a sign', () => post('Content-Length: +5', `{}   ${smuggled()}`)],
    [
      'a chunk of a broken size',
      () => post('Transfer-Encoding: chunked', `5;\n{}\r\n0\r\n\r\n${smuggled()}`),
    ],
    ['a line feed alone', () => post('X-A: b\nContent-Length: 0', smuggled())],
    ['NUL in a header', () => post('X-A: \0', smuggled())],
  ])('%s: none of them is answered as if it were ours', async (_, bytes) => {
    const answer = await sendBytes(stage.url, bytes());
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(answer).not.toContain('Lighthouse');
  });
});

function encodeNonAscii(path: string): string {
  return path.replace(/[^\0-\x7f]/gu, (letter) => encodeURIComponent(letter));
}

test('a video of the CDN is not named by anything but its id', async () => {
  const id = attachmentId(10);
  const headers = { cookie };
  expect((await ask(stage.url, `/videos/${id}/stream`, { headers })).status).toBe(302);
  for (const path of [
    `/videos/${id}%2fstream`,
    `/videos/..%2f${id}/stream`,
    `/videos/${id}/stream/`,
    `/videos/%0d%0a${id}/stream`,
    `/videos/${id}%0d%0aX:1/stream`,
  ]) {
    const { status, headers: answered } = await ask(stage.url, path, { headers });
    expect([200, 400, 404]).toContain(status); // 200: the page, which holds nothing of anybody
    expect(answered.location).toBeUndefined();
  }
});
