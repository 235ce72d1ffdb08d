import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type { ApiToken, Me, NewApiToken, Page } from '../../src/http/contract.ts';
import { ids } from '../sandbox/small-world.ts';
import type { TestBrowser } from '../support/test-browser.ts';
import { changingKnocks, lookingKnocks } from './attack-doors.ts';
import { type AskHeaders, ask, codeOf, cookieHeader } from './attack-http.ts';
import { type AttackStage, openAttackStage } from './attack-stage.ts';
import { dumpLasting } from './database-dump.ts';

let stage: AttackStage;
let browser: TestBrowser;
let manage: NewApiToken;
let read: NewApiToken;
beforeAll(async () => {
  stage = await openAttackStage();
});
beforeEach(async () => {
  browser = await stage.logIn(ids.owner);
  manage = await makeToken(browser, 'manage');
  read = await makeToken(browser, 'read');
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

async function makeToken(maker: TestBrowser, scope: 'read' | 'manage'): Promise<NewApiToken> {
  const response = await maker.send('POST', '/api/tokens', { name: scope, scope, expiresInDays: 1 });
  return (await response.json()) as NewApiToken;
}

const withHeaders = (headers: AskHeaders, path = '/api/me') => ask(stage.url, path, { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

test('a token says who one is, where nobody is logged in', async () => {
  const answer = await withHeaders(bearer(manage.token));
  expect(JSON.parse(answer.body) as Me).toMatchObject({ id: ids.owner, scope: 'manage' });
  expect(JSON.parse((await withHeaders(bearer(read.token))).body) as Me).toMatchObject({ scope: 'read' });
});

describe('a token is taken from one place alone', () => {
  test.each(['token', 'access_token', 'api_key', 'authorization', 'Authorization', 'bearer', 'key', 'auth'])(
    'not from ?%s= of an address, which is kept in histories and logs',
    async (name) => {
      for (const path of ['/api/me', '/api/guilds', '/api/videos', '/videos/1/stream']) {
        const { status, body } = await withHeaders({}, `${path}?${name}=${manage.token}`);
        expect([400, 401]).toContain(status);
        expect(body).not.toContain(manage.token);
      }
      expect(stage.lines.join('')).not.toContain(manage.token);
    },
  );

  test('not from a part of the path, another header, a cookie, or a body', async () => {
    const { token } = manage;
    for (const headers of [
      { 'x-api-key': token },
      { 'x-auth-token': token },
      { 'x-authorization': `Bearer ${token}` },
      { 'proxy-authorization': `Bearer ${token}` },
      { cookie: `token=${token}` },
      { cookie: `clipdex-session=${token}` },
      { cookie: `Authorization=Bearer%20${token}` },
      { referer: `${stage.url}/?token=${token}` },
    ]) {
      expect((await withHeaders(headers)).status).toBe(401);
    }
    expect((await withHeaders({}, `/api/${token}/me`)).status).toBe(404);
    const form = {
      method: 'POST',
      body: `access_token=${token}`,
      headers: { 'sec-fetch-site': 'same-origin' },
    };
    expect((await ask(stage.url, '/api/tokens', form)).status).toBe(401);
    expect(stage.lines.join('')).not.toContain(token);
  });

  test('and a session is not taken for one', async () => {
    const secret = browser.cookies.get('clipdex-session') ?? '';
    for (const text of [secret, `clipdex_${secret}`]) {
      expect(codeOf(await withHeaders(bearer(text)))).toBe('token_invalid');
    }
  });
});

describe('odd forms of Authorization', () => {
  const invalid: [string, (token: string) => string | string[]][] = [
    ['empty', () => ''],
    ['the word alone', () => 'Bearer'],
    ['the token alone', (token) => token],
    ['Basic', (token) => `Basic ${Buffer.from(`:${token}`).toString('base64')}`],
    ['Bot, as bots of Discord write it', (token) => `Bot ${token}`],
    ['no space', (token) => `Bearer${token}`],
    ['a tab', (token) => `Bearer\t${token}`],
    ['a colon', (token) => `Bearer: ${token}`],
    ['quotes', (token) => `Bearer "${token}"`],
    ['two tokens', (token) => `Bearer ${token} ${token}`],
    ['a list', (token) => `Bearer ${token}, Bearer ${token}`],
    ['two headers', (token) => [`Bearer ${token}`, 'Bearer x']],
    ['the same header twice', (token) => [`Bearer ${token}`, `Bearer ${token}`]],
    ['cut off', (token) => `Bearer ${token.slice(0, -1)}`],
    ['with more behind', (token) => `Bearer ${token}A`],
    ['in other letters', (token) => `Bearer ${token.toUpperCase()}`],
    ['without its beginning', (token) => `Bearer ${token.slice('clipdex_'.length)}`],
    ['as a percent encoding', (token) => `Bearer ${encodeURIComponent(token).replace('_', '%5F')}`],
    ['with SQL behind', (token) => `Bearer ${token}'--`],
    ['long', () => `Bearer clipdex_${'x'.repeat(12_000)}`],
    ['not of this alphabet', () => 'Bearer clipdex_\u00e9\u00ff'],
  ];

  test.each(invalid)('%s: nobody, although a session comes along', async (_, write) => {
    const answer = await withHeaders({ authorization: write(manage.token), cookie: cookieHeader(browser) });
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('token_invalid');
    expect(answer.body).not.toContain(manage.token);
  });

  test.each([
    ['in small letters', (token: string) => `bearer ${token}`],
    ['in capitals', (token: string) => `BEARER ${token}`],
    ['with more spaces', (token: string) => `  Bearer   ${token}  `],
  ])('%s: as the standard has it', async (_, write) => {
    expect((await withHeaders({ authorization: write(manage.token) })).status).toBe(200);
  });
});

describe('a token that is over opens nothing', () => {
  test.each([
    ['revoked', () => browser.send('DELETE', `/api/tokens/${manage.id}`)],
    ['expired', () => stage.db.query(sql`update api_tokens set expires_at = now() - interval '1 second'`)],
    ['its user is gone', () => stage.db.query(sql`delete from api_tokens where user_id = ${ids.owner}`)],
  ])('%s', async (_, end) => {
    await end();
    const looks = await lookingKnocks(stage, browser);
    const paths = looks.map(({ path }) => path).filter((path) => !path.startsWith('/auth'));
    const answers = await Promise.all(paths.map((path) => withHeaders(bearer(manage.token), path)));
    expect(new Set(answers.map(codeOf))).toEqual(new Set(['token_invalid']));
  });

  test('logging out everywhere leaves tokens, as it says; a token ends by itself alone', async () => {
    expect((await browser.send('DELETE', '/api/sessions')).status).toBe(204);
    expect((await withHeaders(bearer(manage.token))).status).toBe(200);
    const own = { method: 'DELETE', headers: bearer(manage.token) };
    expect((await ask(stage.url, `/api/tokens/${manage.id}`, own)).status).toBe(204);
    expect((await withHeaders(bearer(manage.token))).status).toBe(401);
    expect((await withHeaders(bearer(read.token))).status).toBe(200);
  });
});

describe('what a token may not do', () => {
  test('a read token opens no door that changes anything', async () => {
    const knocks = await changingKnocks(stage, browser);
    const before = await dumpLasting(stage.db);
    for (const { method, path, body } of knocks) {
      const answer = await ask(stage.url, path, {
        method,
        headers: { ...bearer(read.token), 'content-type': 'application/json' },
        body: body === undefined ? '' : JSON.stringify(body),
      });
      expect({ method, path, code: codeOf(answer) }).toEqual({ method, path, code: 'token_read_only' });
    }
    expect(await dumpLasting(stage.db)).toEqual(before);
  });

  test('make another, for itself or beside a session of its own', async () => {
    const body = JSON.stringify({ name: 'child', scope: 'read', expiresInDays: null });
    for (const headers of [
      bearer(manage.token),
      { ...bearer(manage.token), cookie: cookieHeader(browser), 'sec-fetch-site': 'same-origin' },
    ]) {
      const typed = { ...headers, 'content-type': 'application/json' };
      const answer = await ask(stage.url, '/api/tokens', { method: 'POST', headers: typed, body });
      expect(codeOf(answer)).toBe('session_needed');
    }
    const { items } = await browser.read<Page<ApiToken>>('/api/tokens');
    expect(items.map(({ name }) => name).sort()).toEqual(['manage', 'read']);
  });

  test('see or revoke the tokens and sessions of somebody else', async () => {
    const other = await stage.logIn(ids.member);
    const theirs = await makeToken(other, 'manage');
    const { items: sessions } = await other.read<Page<{ id: string }>>('/api/sessions');
    for (const path of [`/api/tokens/${theirs.id}`, `/api/sessions/${sessions[0]?.id}`]) {
      const answer = await ask(stage.url, path, { method: 'DELETE', headers: bearer(manage.token) });
      expect(answer.status).toBe(404);
    }
    const list = (await withHeaders(bearer(manage.token), '/api/tokens')).body;
    expect(list).not.toContain(theirs.id);
    expect((await withHeaders(bearer(theirs.token))).status).toBe(200);
    expect((await other.get('/api/me')).status).toBe(200);
  });

  test('more than its maker: the token of a member manages nothing, that of an operator all', async () => {
    const theirs = await makeToken(await stage.logIn(ids.member), 'manage');
    const patch = (token: string) =>
      ask(stage.url, `/api/guilds/${ids.guild}/settings`, {
        method: 'PATCH',
        headers: { ...bearer(token), 'content-type': 'application/json' },
        body: '{"prefix":"?"}',
      });
    expect(codeOf(await patch(theirs.token))).toBe('manage_guild_missing');
    expect((await patch(manage.token)).status).toBe(200);
    expect(codeOf(await withHeaders(bearer(theirs.token), '/metrics'))).toBe('operators_only');
  });
});

test('beside a session, the token counts: whoever sends one must not become somebody else', async () => {
  const other = await stage.logIn(ids.member);
  const answer = await withHeaders({ ...bearer(manage.token), cookie: cookieHeader(other) });
  expect(JSON.parse(answer.body) as Me).toMatchObject({ id: ids.owner });
});

test('no list shows a token again', async () => {
  const list = await (await browser.get('/api/tokens')).text();
  expect(list).not.toContain(manage.token);
  expect(list).not.toMatch(/clipdex_|hash|secret/);
});
