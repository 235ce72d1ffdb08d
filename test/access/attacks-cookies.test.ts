import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type { Me, Page, Session } from '../../src/http/contract.ts';
import { ids } from '../sandbox/small-world.ts';
import { locationOf, TestBrowser } from '../support/test-browser.ts';
import { ask, codeOf, cookieHeader } from './attack-http.ts';
import { type AttackStage, findPort, openAttackStage, type WebProgram } from './attack-stage.ts';

const PUBLIC_URL = 'https://localhost:8443';

let stage: AttackStage;
let secure: WebProgram;
beforeAll(async () => {
  stage = await openAttackStage();
  secure = await stage.startAnother({ PUBLIC_URL, PORT: String(await findPort()) });
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

/** A login as a proxy that speaks https with browsers passes it on. */
async function logInSecurely(): Promise<{ browser: TestBrowser; setCookies: string[] }> {
  const browser = new TestBrowser(secure.url);
  const away = await browser.get('/auth/login');
  const back = await browser.approve(locationOf(away), { user_id: ids.member });
  expect(back.startsWith(`${PUBLIC_URL}/auth/callback?`)).toBe(true);
  const answer = await browser.get(back.slice(PUBLIC_URL.length));
  return { browser, setCookies: [...away.headers.getSetCookie(), ...answer.headers.getSetCookie()] };
}

function attributesOf(line: string): string[] {
  return line.split('; ').slice(1).sort();
}

describe('over https', () => {
  test('cookies bear the prefix that no other host can set, and stay out of scripts and other sites', async () => {
    const { setCookies } = await logInSecurely();
    expect(setCookies.map((line) => line.split('=')[0])).toEqual([
      '__Host-clipdex-login',
      '__Host-clipdex-login', // dropped
      '__Host-clipdex-session',
    ]);
    for (const line of setCookies) {
      expect(attributesOf(line)).toEqual(
        expect.arrayContaining(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure']),
      );
      expect(line).not.toMatch(/domain/i);
    }
  });

  test('a cookie without the prefix, as a sister domain could set it, counts for nothing', async () => {
    const { browser } = await logInSecurely();
    const secret = browser.cookies.get('__Host-clipdex-session') ?? '';
    const other = new TestBrowser(secure.url);
    other.setCookie('clipdex-session', secret);
    expect((await other.get('/api/me')).status).toBe(401);
    const away = await browser.get('/auth/login');
    const back = new URL(await browser.approve(locationOf(away), { user_id: ids.member }));
    other.setCookie('clipdex-login', browser.cookies.get('__Host-clipdex-login') ?? '');
    const answer = await other.get(`${back.pathname}${back.search}`);
    expect(locationOf(answer)).toBe('/login?outcome=expired');
  });

  test('browsers are told to come by https alone, on every answer; over http they are not', async () => {
    for (const path of ['/', '/healthz', '/api/me', '/auth/login', '/nothing', '/assets/none.js']) {
      const hsts = (await fetch(`${secure.url}${path}`, { redirect: 'manual' })).headers;
      expect(hsts.get('strict-transport-security'), path).toMatch(/^max-age=\d{8,}/);
      const plain = (await fetch(`${stage.url}${path}`, { redirect: 'manual' })).headers;
      expect(plain.get('strict-transport-security'), path).toBeNull();
    }
  });

  test('a browser that tells only its Origin is known by the public address, whatever Host the proxy passes on', async () => {
    const { browser } = await logInSecurely();
    const from = (origin: string) =>
      ask(secure.url, '/api/me', {
        method: 'PATCH',
        headers: { cookie: cookieHeader(browser), 'content-type': 'application/json', origin },
        body: '{"showsAgeRestricted":true}',
      });
    expect((await from(PUBLIC_URL)).status).toBe(200);
    for (const origin of ['http://localhost:8443', 'https://localhost', `${PUBLIC_URL}.evil.example`]) {
      expect([origin, codeOf(await from(origin))]).toEqual([origin, 'cross_origin']);
    }
  });

  test('logging out drops the very cookie', async () => {
    const { browser } = await logInSecurely();
    const answer = await browser.send('POST', '/auth/logout');
    const [line = ''] = answer.headers.getSetCookie();
    expect(line).toMatch(/^__Host-clipdex-session=; Max-Age=0/);
    expect(attributesOf(line)).toEqual(expect.arrayContaining(['Path=/', 'Secure']));
  });
});

test('over http on this machine cookies are out of reach of scripts and other sites, too', async () => {
  const browser = stage.newBrowser();
  const away = await browser.get('/auth/login');
  const back = await browser.approve(locationOf(away), { user_id: ids.member });
  const lines = [...away.headers.getSetCookie(), ...(await browser.get(back)).headers.getSetCookie()];
  expect(lines.length).toBe(3);
  for (const line of lines) {
    expect(attributesOf(line)).toEqual(expect.arrayContaining(['HttpOnly', 'Path=/', 'SameSite=Lax']));
    expect(line).not.toContain('Secure');
  }
});

describe('a session that is over opens nothing', () => {
  test.each([
    ['expired', sql`update sessions set expires_at = now() - interval '1 second'`],
    ['not used for too long', sql`update sessions set last_seen_at = now() - interval '8 days'`],
    ['deleted', sql`delete from sessions`],
  ])('%s', async (_, end) => {
    const browser = await stage.logIn(ids.member);
    expect((await browser.get('/api/me')).status).toBe(200);
    await stage.db.query(end);
    for (const path of ['/api/me', '/api/guilds', '/api/sessions', '/api/videos', '/videos/1/stream']) {
      const response = await browser.get(path);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'not_logged_in' });
    }
    expect((await browser.send('DELETE', '/api/sessions')).status).toBe(401);
  });

  test('revoked from another browser, at once; and nobody ends those of others', async () => {
    const [mine, theirs] = [await stage.logIn(ids.member), await stage.logIn(ids.manager)];
    const second = await stage.logIn(ids.member);
    const { items } = await second.read<Page<Session>>('/api/sessions');
    const first = items.find(({ isCurrent }) => !isCurrent);
    expect((await theirs.send('DELETE', `/api/sessions/${first?.id}`)).status).toBe(404);
    expect((await mine.get('/api/me')).status).toBe(200);
    expect((await second.send('DELETE', `/api/sessions/${first?.id}`)).status).toBe(204);
    expect((await mine.get('/api/me')).status).toBe(401);
    expect((await second.get('/api/me')).status).toBe(200);
    expect((await second.send('DELETE', '/api/sessions')).status).toBe(204);
    expect((await second.get('/api/me')).status).toBe(401);
    expect((await theirs.get('/api/me')).status).toBe(200);
  });

  test('logged out: the cookie that a thief kept is worth nothing', async () => {
    const browser = await stage.logIn(ids.member);
    const cookie = cookieHeader(browser);
    expect((await browser.send('POST', '/auth/logout')).status).toBe(204);
    expect(await ask(stage.url, '/api/me', { headers: { cookie } })).toMatchObject({ status: 401 });
  });
});

describe('odd cookies', () => {
  const withCookie = (cookie: string) => ask(stage.url, '/api/me', { headers: { cookie } });

  test('of two with one name somebody else has set one, and nobody can tell which: neither counts', async () => {
    const victim = cookieHeader(await stage.logIn(ids.member));
    const attacker = cookieHeader(await stage.logIn(ids.outsider));
    expect((await withCookie(victim)).status).toBe(200);
    for (const cookie of [
      `${attacker}; ${victim}`,
      `${victim}; ${attacker}`,
      `${victim}; clipdex-session=`,
    ]) {
      expect((await withCookie(cookie)).status).toBe(401);
    }
    expect((await withCookie(`${victim}; ${victim}`)).status).toBe(401);
    const among = await withCookie(
      `a=1; ${victim}; xclipdex-session=2; clipdex-session2=3; b="clipdex-session=4"`,
    );
    expect(JSON.parse(among.body) as Me).toMatchObject({ id: ids.member });
  });

  test.each([
    ['empty', ''],
    ['a name only', 'clipdex-session'],
    ['no value', 'clipdex-session='],
    ['quoted', 'clipdex-session="x"'],
    ['broken encoding', 'clipdex-session=%E0%A4%A'],
    ['NUL and line breaks, encoded', 'clipdex-session=%00%0d%0aSet-Cookie:x=1'],
    ['a list of separators', `${'; '.repeat(2_000)}clipdex-session=x`],
    ['thousands of cookies', Array.from({ length: 1_500 }, (_, n) => `c${n}=1`).join('; ')],
    ['long', `clipdex-session=${'x'.repeat(12_000)}`],
    ['SQL', "clipdex-session=' or true--"],
    ['an object', 'clipdex-session={"$ne":null}'],
    ['other letters', 'clipdex-session=\u00e9\u00ff'],
    ['a prototype', '__proto__=1; constructor=2; toString=3'],
  ])('%s: nobody', async (_, cookie) => {
    expect(await withCookie(cookie)).toMatchObject({ status: 401 });
  });

  test('more of them than fit are refused before anybody looks', async () => {
    expect(await withCookie(`clipdex-session=${'x'.repeat(20_000)}`)).toMatchObject({ status: 431 });
    expect((await fetch(`${stage.url}/healthz`)).status).toBe(200);
  });
});
