import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SettingsView } from '../../src/http/contract.ts';
import { ids } from '../sandbox/small-world.ts';
import type { TestBrowser } from '../support/test-browser.ts';
import { type Answer, ask, codeOf, cookieHeader, sendBytes } from './attack-http.ts';
import { type AttackStage, openAttackStage } from './attack-stage.ts';
import { dumpLasting } from './database-dump.ts';

const MAX_BODY_BYTES = 64 * 1024;

let stage: AttackStage;
let browser: TestBrowser;
beforeAll(async () => {
  stage = await openAttackStage();
});
beforeEach(async () => {
  browser = await stage.logIn(ids.owner);
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

const settings = `/api/guilds/${ids.guild}/settings`;

function send(
  method: string,
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const own = {
    cookie: cookieHeader(browser),
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/json',
  };
  return ask(stage.url, path, { method, body, headers: { ...own, ...headers } });
}

/** Of exactly so many bytes. */
function jsonOf(bytes: number): string {
  const empty = '{"prefix":""}';
  return `{"prefix":"${'x'.repeat(bytes - empty.length)}"}`;
}

async function inChunks(body: string, chunkBytes: number): Promise<string> {
  const chunks = body.match(new RegExp(`.{1,${chunkBytes}}`, 'gs')) ?? [];
  const { host } = new URL(stage.url);
  return sendBytes(
    stage.url,
    `PATCH ${settings} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookieHeader(browser)}\r\nSec-Fetch-Site: same-origin\r\n` +
      'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
      `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`,
  );
}

describe('size', () => {
  test('64 kB are read, one byte more is not', async () => {
    expect(codeOf(await send('PATCH', settings, jsonOf(MAX_BODY_BYTES)))).toBe('settings_invalid');
    const answer = await send('PATCH', settings, jsonOf(MAX_BODY_BYTES + 1));
    expect(answer).toMatchObject({ status: 413, headers: { 'content-type': 'application/problem+json' } });
    expect(codeOf(answer)).toBe('body_too_large');
  });

  test('nor in chunks, of whose length nobody told', async () => {
    expect(await inChunks(jsonOf(MAX_BODY_BYTES), 1_000)).toContain('settings_invalid');
    expect(await inChunks(jsonOf(MAX_BODY_BYTES + 1), 1_000)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await inChunks(jsonOf(20 * MAX_BODY_BYTES), 16_000)).toMatch(/^HTTP\/1\.1 413 /);
    expect((await send('PATCH', settings, '{"prefix":"!"}')).status).toBe(200);
  });

  test('a length that is a lie', async () => {
    const { host } = new URL(stage.url);
    const head = (length: string) =>
      `PATCH ${settings} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookieHeader(browser)}\r\nSec-Fetch-Site: same-origin\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
    expect(await sendBytes(stage.url, `${head('99999999999999999999')}{}`)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(await sendBytes(stage.url, `${head('1000000')}{}`)).toMatch(/^(HTTP\/1\.1 413 |$)/);
    await sendBytes(stage.url, `${head('100')}{"prefix":"?"}`, true);
    expect(await browser.read<SettingsView>(settings)).toMatchObject({ effective: { prefix: '!' } });
  });

  test('a body where none belongs', async () => {
    const cookie = cookieHeader(browser);
    for (const size of [10, MAX_BODY_BYTES + 1]) {
      const answer = await ask(stage.url, '/api/me', { headers: { cookie }, body: 'x'.repeat(size) });
      expect([200, 413]).toContain(answer.status);
    }
    expect(
      (
        await send(
          'DELETE',
          '/api/tokens/00000000-0000-4000-8000-000000000000',
          'x'.repeat(MAX_BODY_BYTES + 1),
        )
      ).status,
    ).toBe(413);
  });
});

describe('depth and shape', () => {
  const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);

  test.each([
    ['32,000 lists', deep('[', ']', 32_000)],
    ['10,000 objects', `${deep('{"a":', '', 10_000)}1${'}'.repeat(10_000)}`],
    ['as a setting', `{"video_formats":${deep('[', ']', 32_000)}}`],
    ['as an unknown setting', `{"x":${deep('[', ']', 32_000)}}`],
    ['that never end', '['.repeat(65_000)],
    ['60,000 numbers', `[${'1,'.repeat(32_000)}1]`],
    ['thousands of keys', `{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
    ['a long key', `{"${'k'.repeat(60_000)}":1}`],
    ['a long number', `{"prefix":${'9'.repeat(60_000)}}`],
  ])('%s', async (_, body) => {
    for (const [method, path] of [
      ['PATCH', settings],
      ['POST', '/api/tokens'],
      ['PATCH', `/api/guilds/${ids.guild}/channels`],
      ['POST', `/api/channels/${ids.general}/runs`],
    ] as const) {
      const answer = await send(method, path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.length).toBeLessThan(MAX_BODY_BYTES);
    }
  });

  test('an answer about a thousand wrong keys is not a thousand times as long as one about one', async () => {
    const body = `{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join(',')}}`;
    for (const [method, path] of [
      ['PATCH', settings],
      ['POST', '/api/tokens'],
    ] as const) {
      expect((await send(method, path, body)).body.length).toBeLessThan(5_000);
    }
  });

  test('names that every object has are names like others', async () => {
    const before = await dumpLasting(stage.db);
    for (const key of [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '__defineGetter__',
    ]) {
      for (const value of ['{"isAdmin":true}', '{"prototype":{"isOperator":true}}', 'null', '1']) {
        for (const [method, path] of [
          ['PATCH', settings],
          ['POST', '/api/tokens'],
          ['PATCH', '/api/me'],
        ] as const) {
          const answer = await send(method, path, `{"${key}":${value}}`);
          expect({ key, value, path, status: answer.status }).toEqual({ key, value, path, status: 400 });
        }
      }
    }
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    expect(await dumpLasting(stage.db)).toEqual(before);
  });

  test('of a key that comes twice the last one counts, as everywhere in JSON', async () => {
    const answer = await send('PATCH', settings, '{"prefix":"a","prefix":"!"}');
    expect((JSON.parse(answer.body) as SettingsView).own.prefix).toBe('!');
  });
});

describe('values', () => {
  const bodies: [string, string | Buffer][] = [
    ['nothing', ''],
    ['a space', ' '],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"x"'],
    ['a list', '[]'],
    ['more than numbers can hold', '{"expiresInDays":1e999,"name":"x","scope":"read"}'],
    ['less than nothing', '{"expiresInDays":-1e999,"name":"x","scope":"read"}'],
    ['no number', '{"expiresInDays":NaN,"name":"x","scope":"read"}'],
    ['half a day', '{"expiresInDays":0.5,"name":"x","scope":"read"}'],
    ['a number beyond 2^53', '{"expiresInDays":9007199254740993,"name":"x","scope":"read"}'],
    ['a number as text', '{"expiresInDays":"1","name":"x","scope":"read"}'],
    ['an object for a text', '{"expiresInDays":1,"name":{"$ne":null},"scope":"read"}'],
    ['a list for a text', '{"expiresInDays":1,"name":["x"],"scope":"read"}'],
    ['another scope', '{"expiresInDays":1,"name":"x","scope":"operator"}'],
    ['a name of spaces', '{"expiresInDays":1,"name":"   ","scope":"read"}'],
    ['a name of NUL', '{"expiresInDays":1,"name":"\\u0000","scope":"read"}'],
    ['a user of somebody else', `{"expiresInDays":1,"name":"x","scope":"read","userId":"${ids.member}"}`],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{"name":"x"}', 'utf16le')],
    ['a single quote', "{'name':'x'}"],
    ['a comment', '{"name":"x"/* */}'],
    ['a comma too many', '{"name":"x",}'],
    ['two values', '{}{}'],
    ['NUL behind it', '{}\0'],
    ['compressed', gzipSync('{"name":"x","scope":"read","expiresInDays":1}')],
    ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
  ];

  test.each(bodies)('%s makes no token', async (_, body) => {
    const answer = await send('POST', '/api/tokens', body);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(await browser.read('/api/tokens')).toMatchObject({ items: [] });
  });

  test('compressed, and says so: it is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'identity', 'x']) {
      const answer = await send('POST', '/api/tokens', bomb, { 'content-encoding': encoding });
      expect([400, 415]).toContain(answer.status);
    }
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json-patch+json',
    'application/problem+json',
    'text/json',
    'application/jsonx',
    'application/json, text/plain',
    '',
  ])('of the type %j nothing is read', async (type) => {
    const body = '{"name":"x","scope":"read","expiresInDays":1}';
    expect(await send('POST', '/api/tokens', body, { 'content-type': type })).toMatchObject({ status: 415 });
    expect(await browser.read('/api/tokens')).toMatchObject({ items: [] });
  });

  test.each(['application/json; charset=utf-8', 'Application/JSON', ' application/json ;x=y'])(
    'of the type %j all is',
    async (type) => {
      const body = '{"name":"x","scope":"read","expiresInDays":1}';
      expect(await send('POST', '/api/tokens', body, { 'content-type': type })).toMatchObject({
        status: 201,
      });
    },
  );
});
