import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import type { Me, NewApiToken, OwnGuild, Page, Session } from '../../src/http/contract.ts';
import { ids } from '../sandbox/small-world.ts';
import { fastClock } from '../support/fast-clock.ts';
import { locationOf, type TestBrowser } from '../support/test-browser.ts';
import { ask, cookieHeader } from './attack-http.ts';
import { type AttackStage, openAttackStage, type WebProgram } from './attack-stage.ts';

let stage: AttackStage;
let second: WebProgram;
beforeAll(async () => {
  stage = await openAttackStage();
  second = await stage.startAnother({}, { clock: fastClock(20) });
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

/** The same browser, as a load balancer sends it to another process. */
function atSecond(browser: TestBrowser): TestBrowser {
  const there = stage.newBrowserAt(second.url);
  for (const [name, value] of browser.cookies) there.setCookie(name, value);
  return there;
}

const statusOf = async (browser: TestBrowser) => (await browser.get('/api/me')).status;

describe('a session', () => {
  test('that one process made holds at the other, and is one and the same', async () => {
    const browser = await stage.logIn(ids.member);
    const there = atSecond(browser);
    expect(await there.read<Me>('/api/me')).toMatchObject({ id: ids.member });
    expect((await there.read<Page<Session>>('/api/sessions')).items).toMatchObject([{ isCurrent: true }]);
    expect((await browser.read<Page<Session>>('/api/sessions')).items.length).toBe(1);
  });

  test('that one ends has ended at the other, at the very next request', async () => {
    for (const end of [
      (at: TestBrowser) => at.send('POST', '/auth/logout'),
      (at: TestBrowser) => at.send('DELETE', '/api/sessions'),
    ]) {
      const browser = await stage.logIn(ids.member);
      const there = atSecond(browser);
      expect(await statusOf(there)).toBe(200);
      await end(atSecond(browser));
      expect(await statusOf(browser)).toBe(401);
      expect(await statusOf(there)).toBe(401);
    }
  });

  test('that the user takes back at Discord ends at both', async () => {
    const browser = await stage.logIn(ids.member);
    const there = atSecond(browser);
    await stage.sandbox.control('end-authorization', { user_id: ids.member });
    await stage.db.query(sql`update viewers set guilds_read_at = now() - interval '1 hour'`);
    await there.get('/api/me/guilds'); // asks Discord with the user's token
    expect(await statusOf(there)).toBe(401);
    expect(await statusOf(browser)).toBe(401);
  });

  test('that has ended hears no more events at the other', async () => {
    const browser = await stage.logIn(ids.member);
    const stream = await fetch(`${second.url}/api/events`, { headers: { cookie: cookieHeader(browser) } });
    expect(stream.status).toBe(200);
    await browser.send('POST', '/auth/logout');
    expect(await stream.text()).toContain('retry:'); // and then its end
  });
});

test('a token that one made holds at the other, and is revoked at both', async () => {
  const browser = await stage.logIn(ids.member);
  const made = await browser.send('POST', '/api/tokens', { name: 'x', scope: 'read', expiresInDays: 1 });
  const { id, token } = (await made.json()) as NewApiToken;
  const headers = { authorization: `Bearer ${token}` };
  expect((await ask(second.url, '/api/me', { headers })).status).toBe(200);
  expect((await atSecond(browser).send('DELETE', `/api/tokens/${id}`)).status).toBe(204);
  expect((await ask(stage.url, '/api/me', { headers })).status).toBe(401);
});

describe('with one key', () => {
  test('a login that began at one ends at the other', async () => {
    const browser = stage.newBrowser();
    const away = locationOf(await browser.get('/auth/login?return_to=/account'));
    const { pathname, search } = new URL(await browser.approve(away, { user_id: ids.member }));
    const there = atSecond(browser);
    expect(locationOf(await there.get(`${pathname}${search}`))).toBe('/account');
    expect(await statusOf(there)).toBe(200);
  });

  test('an install that began at one ends at the other, and is used up at both', async () => {
    const browser = await stage.logIn(ids.outsider);
    const begun = await browser.send('POST', '/api/installs', { guildId: ids.otherGuild });
    const { url } = (await begun.json()) as { url: string };
    const { pathname, search } = new URL(await browser.approve(url, { user_id: ids.outsider }));
    const path = `${pathname}${search}`;
    const places = await Promise.all(
      [atSecond(browser), browser].map(async (at) => locationOf(await at.get(path))),
    );
    expect(places.sort()).toEqual([
      `/guilds/${ids.otherGuild}/setup`,
      `/install/outcome?outcome=expired&guild_id=${ids.otherGuild}`,
    ]);
  });

  test('what one sealed of Discord the other reads', async () => {
    const browser = await stage.logIn(ids.outsider);
    await stage.db.query(sql`delete from viewer_guilds`);
    await stage.db.query(sql`update viewers set guilds_read_at = null`);
    const own = await atSecond(browser).read<Page<OwnGuild>>('/api/me/guilds');
    expect(own.items).toMatchObject([{ id: ids.otherGuild }]);
  });
});

test('with another key a process reads nothing of what others sealed, and lets nobody stay in that it cannot answer for', async () => {
  const foreign = await stage.startAnother({ SECRET_KEY: 'another secret key of 32 characters' });
  const browser = await stage.logIn(ids.member);
  await stage.db.query(sql`update viewers set guilds_read_at = now() - interval '1 hour'`);
  const there = stage.newBrowserAt(foreign.url);
  for (const [name, value] of browser.cookies) there.setCookie(name, value);
  await there.get('/api/me/guilds');
  const grants = await stage.db.query(sql`select from discord_grants`);
  expect(grants).toEqual([]);
  expect(await statusOf(browser)).toBe(401);
  await foreign.stop();
});

test('with a former key among its own it goes on', async () => {
  const browser = await stage.logIn(ids.member);
  const renewed = await stage.startAnother({
    SECRET_KEY: 'a new secret key of this very instance',
    SECRET_KEY_OLD: 'a secret key of the attacked: long enough',
  });
  const there = stage.newBrowserAt(renewed.url);
  for (const [name, value] of browser.cookies) there.setCookie(name, value);
  await stage.db.query(sql`update viewers set guilds_read_at = now() - interval '1 hour'`);
  expect((await there.get('/api/me/guilds')).status).toBe(200);
  expect(await statusOf(there)).toBe(200);
  await renewed.stop();
});
