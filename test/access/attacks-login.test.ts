import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type { Me } from '../../src/http/contract.ts';
import { ids } from '../sandbox/small-world.ts';
import { locationOf, type TestBrowser } from '../support/test-browser.ts';
import { type AttackStage, openAttackStage } from './attack-stage.ts';

const SESSION = 'clipdex-session';
const LOGIN = 'clipdex-login';

let stage: AttackStage;
beforeAll(async () => {
  stage = await openAttackStage();
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

/** To Discord and back, up to the address that Discord sends the browser to. */
async function goAndApprove(browser: TestBrowser, userId: string): Promise<URL> {
  const away = locationOf(await browser.get('/auth/login?return_to=/account'));
  return new URL(await browser.approve(away, { user_id: userId }));
}

/** Where the callback leads, and whether it logged anybody in. */
async function comeBack(browser: TestBrowser, { pathname, search }: URL) {
  const response = await browser.get(`${pathname}${search}`);
  return { place: locationOf(response), isLoggedIn: browser.cookies.has(SESSION) };
}

async function countSessions(): Promise<number> {
  const [row] = await stage.db.query<{ count: number }>(sql`select count(*)::int as count from sessions`);
  return row?.count ?? 0;
}

const failed = (outcome: string) => ({ place: `/login?outcome=${outcome}`, isLoggedIn: false });

test('the way that is no attack', async () => {
  const browser = stage.newBrowser();
  const back = await goAndApprove(browser, ids.member);
  expect(await comeBack(browser, back)).toEqual({ place: '/account', isLoggedIn: true });
  expect(browser.cookies.has(LOGIN)).toBe(false);
});

test('what Discord may add to its answer one day is no attack either', async () => {
  const browser = stage.newBrowser();
  const back = await goAndApprove(browser, ids.member);
  back.searchParams.set('iss', 'https://discord.com');
  expect(await comeBack(browser, back)).toEqual({ place: '/account', isLoggedIn: true });
});

describe('an answer of Discord is good once, and in the browser that asked', () => {
  test('played again, in the same browser and in one that kept its cookie', async () => {
    const browser = stage.newBrowser();
    const back = await goAndApprove(browser, ids.member);
    const kept = browser.cookies.get(LOGIN) ?? '';
    await comeBack(browser, back);
    const secret = browser.cookies.get(SESSION);
    expect(await comeBack(browser, back)).toEqual({ place: '/login?outcome=expired', isLoggedIn: true });
    expect(browser.cookies.get(SESSION)).toBe(secret);
    const thief = stage.newBrowser();
    thief.setCookie(LOGIN, kept);
    expect(await comeBack(thief, back)).toEqual(failed('refused'));
    expect(await countSessions()).toBe(1);
  });

  test('at the same moment, twice', async () => {
    const browser = stage.newBrowser();
    const back = await goAndApprove(browser, ids.member);
    const twin = stage.newBrowser();
    twin.setCookie(LOGIN, browser.cookies.get(LOGIN) ?? '');
    const places = (await Promise.all([comeBack(browser, back), comeBack(twin, back)])).map(
      ({ place }) => place,
    );
    expect(places.sort()).toEqual(['/account', '/login?outcome=refused']);
    expect(await countSessions()).toBe(1);
  });

  test('in a browser that asked nothing', async () => {
    const back = await goAndApprove(stage.newBrowser(), ids.outsider);
    expect(await comeBack(stage.newBrowser(), back)).toEqual(failed('expired'));
    expect(await countSessions()).toBe(0);
  });

  test("an attacker's answer in the browser of a victim who is at Discord at that moment", async () => {
    const theirs = await goAndApprove(stage.newBrowser(), ids.outsider);
    const victim = stage.newBrowser();
    await goAndApprove(victim, ids.member);
    expect(await comeBack(victim, theirs)).toEqual(failed('mismatched'));
    expect(await countSessions()).toBe(0);
  });

  test("neither does that answer, nor a link with none, end the victim's own login", async () => {
    const theirs = await goAndApprove(stage.newBrowser(), ids.outsider);
    const victim = stage.newBrowser();
    const own = await goAndApprove(victim, ids.member);
    for (const stray of [theirs, new URL('/auth/callback', stage.url)]) {
      expect(await comeBack(victim, stray)).toEqual(failed('mismatched'));
    }
    expect(await comeBack(victim, own)).toEqual({ place: '/account', isLoggedIn: true });
    expect(await victim.read<Me>('/api/me')).toMatchObject({ id: ids.member });
    expect(victim.cookies.has(LOGIN)).toBe(false);
  });

  test('of two tabs that log in, the later one does, though the earlier comes back first', async () => {
    const browser = stage.newBrowser();
    const earlier = await goAndApprove(browser, ids.member);
    const later = await goAndApprove(browser, ids.member);
    expect(await comeBack(browser, earlier)).toEqual(failed('mismatched'));
    expect(await comeBack(browser, later)).toEqual({ place: '/account', isLoggedIn: true });
    expect(await comeBack(browser, later)).toMatchObject({ place: '/login?outcome=expired' });
    expect(await countSessions()).toBe(1);
  });

  test("an attacker's answer in the browser of a victim who is logged in: who they are stays", async () => {
    const victim = await stage.logIn(ids.member);
    const theirs = await goAndApprove(stage.newBrowser(), ids.outsider);
    expect(await comeBack(victim, theirs)).toMatchObject({ place: '/login?outcome=expired' });
    expect(await victim.read<Me>('/api/me')).toMatchObject({ id: ids.member });
  });

  test("an attacker's code beside the victim's own state (PKCE), and the other way round", async () => {
    const attacker = stage.newBrowser();
    const theirs = await goAndApprove(attacker, ids.outsider);
    const victim = stage.newBrowser();
    const own = await goAndApprove(victim, ids.member);
    const mixed = new URL(own);
    mixed.searchParams.set('code', theirs.searchParams.get('code') ?? '');
    expect(await comeBack(victim, mixed)).toEqual(failed('refused'));
    const stolen = new URL(theirs);
    stolen.searchParams.set('code', own.searchParams.get('code') ?? '');
    expect(await comeBack(attacker, stolen)).toEqual(failed('refused'));
    expect(await countSessions()).toBe(0);
  });

  test.each<[string, (back: URL) => void, string]>([
    ['with no state', ({ searchParams }) => searchParams.delete('state'), 'mismatched'],
    ['with an empty one', ({ searchParams }) => searchParams.set('state', ''), 'mismatched'],
    ['with two', ({ searchParams }) => searchParams.append('state', 'x'), 'mismatched'],
    [
      'with NUL after it',
      ({ searchParams }) => searchParams.set('state', `${searchParams.get('state')}\0`),
      'mismatched',
    ],
    ['with no code', ({ searchParams }) => searchParams.delete('code'), 'refused'],
    ['with two codes', ({ searchParams }) => searchParams.append('code', 'x'), 'refused'],
    ['with a long code', ({ searchParams }) => searchParams.set('code', 'x'.repeat(3_000)), 'refused'],
    [
      'with a code of other fields',
      ({ searchParams }) => searchParams.set('code', 'x&grant_type=refresh_token'),
      'refused',
    ],
  ])('%s', async (_, tamper, outcome) => {
    const browser = stage.newBrowser();
    const back = await goAndApprove(browser, ids.member);
    tamper(back);
    expect(await comeBack(browser, back)).toEqual(failed(outcome));
    expect(browser.cookies.has(LOGIN)).toBe(outcome === 'mismatched');
    expect(await countSessions()).toBe(0);
  });

  test('one that Discord gave for another address of ours', async () => {
    const browser = stage.newBrowser();
    const away = new URL(locationOf(await browser.get('/auth/login')));
    away.searchParams.set('redirect_uri', `${stage.url}/install/callback`);
    const back = new URL(await browser.approve(away.href, { user_id: ids.member }));
    expect(await comeBack(browser, new URL(`/auth/callback${back.search}`, stage.url))).toEqual(
      failed('refused'),
    );
  });
});

describe('a cookie counts only for what it was made for', () => {
  test('that of an install does not log in', async () => {
    const browser = await stage.logIn(ids.outsider);
    const response = await browser.send('POST', '/api/installs', { guildId: ids.otherGuild });
    const { url } = (await response.json()) as { url: string };
    const back = new URL(await browser.approve(url, { user_id: ids.outsider }));
    back.pathname = '/auth/callback';
    const thief = stage.newBrowser();
    thief.setCookie(LOGIN, browser.cookies.get(LOGIN) ?? '');
    expect(await comeBack(thief, back)).toEqual(failed('expired'));
    await stage.sandbox.control('kick-bot', { guild_id: ids.otherGuild });
  });

  test('that of a login installs nothing', async () => {
    const browser = await stage.logIn(ids.outsider);
    const back = await goAndApprove(browser, ids.outsider);
    back.pathname = '/install/callback';
    expect(await comeBack(browser, back)).toMatchObject({ place: '/install/outcome?outcome=expired' });
  });

  test('neither is a session, nor a session one of them', async () => {
    const browser = stage.newBrowser();
    const back = await goAndApprove(browser, ids.member);
    const other = stage.newBrowser();
    other.setCookie(SESSION, browser.cookies.get(LOGIN) ?? '');
    expect((await other.get('/api/me')).status).toBe(401);
    await comeBack(browser, back);
    const next = await goAndApprove(stage.newBrowser(), ids.member);
    other.setCookie(LOGIN, browser.cookies.get(SESSION) ?? '');
    expect(await comeBack(other, next)).toMatchObject({ place: '/login?outcome=expired' });
  });

  test('of another instance, whose key is another', async () => {
    const elsewhere = await stage.startAnother({ SECRET_KEY: 'another secret key of 32 characters' });
    const browser = stage.newBrowser();
    const back = await goAndApprove(browser, ids.member);
    const foreign = new URL(back.pathname + back.search, elsewhere.url);
    const answer = await fetch(foreign, {
      headers: { cookie: `${LOGIN}=${browser.cookies.get(LOGIN)}` },
      redirect: 'manual',
    });
    expect(locationOf(answer)).toBe('/login?outcome=expired');
    await elsewhere.stop();
  });
});

describe('session fixation', () => {
  test("a session that was planted does not become the victim's, and ends", async () => {
    const attacker = await stage.logIn(ids.outsider);
    const planted = attacker.cookies.get(SESSION) ?? '';
    const victim = stage.newBrowser();
    victim.setCookie(SESSION, planted);
    await victim.logIn(ids.member);
    const own = victim.cookies.get(SESSION);
    expect(own).toMatch(/^[\w-]{43}$/);
    expect(own).not.toBe(planted);
    expect((await attacker.get('/api/me')).status).toBe(401);
    expect(await victim.read<Me>('/api/me')).toMatchObject({ id: ids.member });
  });

  test('what somebody made up is never taken over', async () => {
    const victim = stage.newBrowser();
    victim.setCookie(SESSION, 'chosen-by-an-attacker-and-forty-three-chars');
    await victim.logIn(ids.member);
    expect(victim.cookies.get(SESSION)).not.toContain('chosen');
    expect(await countSessions()).toBe(1);
  });

  test('each login has an id of its own, and the former of the same browser ends', async () => {
    const browser = await stage.logIn(ids.member);
    const former = browser.cookies.get(SESSION) ?? '';
    await browser.logIn(ids.member);
    expect(browser.cookies.get(SESSION)).not.toBe(former);
    const other = stage.newBrowser();
    other.setCookie(SESSION, former);
    expect((await other.get('/api/me')).status).toBe(401);
    expect(await countSessions()).toBe(1);
  });

  test('a login that fails leaves the session that is there', async () => {
    const browser = await stage.logIn(ids.member);
    const away = locationOf(await browser.get('/auth/login'));
    const back = new URL(await browser.deny(away));
    expect(await comeBack(browser, back)).toMatchObject({ place: '/login?outcome=denied' });
    expect((await browser.get('/api/me')).status).toBe(200);
  });
});
