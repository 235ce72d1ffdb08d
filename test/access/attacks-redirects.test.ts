import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { attachmentId, ids } from '../sandbox/small-world.ts';
import { locationOf } from '../support/test-browser.ts';
import { ask } from './attack-http.ts';
import { type AttackStage, openAttackStage } from './attack-stage.ts';

let stage: AttackStage;
beforeAll(async () => {
  stage = await openAttackStage();
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

/** Where a browser that is at our page goes for this Location. */
function resolved(location: string): URL {
  return new URL(location, stage.url);
}

const elsewhere = [
  'https://evil.example',
  'https://evil.example/',
  'HTTPS://evil.example',
  'https:evil.example',
  'https:/evil.example',
  '//evil.example',
  '///evil.example',
  '////evil.example/%2f..',
  '/\\evil.example',
  '\\\\evil.example',
  '\\/evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '/ /evil.example',
  '/%2f/evil.example',
  '/%2F%2Fevil.example',
  '/%5cevil.example',
  '/%5C%5Cevil.example',
  '/%09/evil.example',
  '/%0d%0aLocation:%20https://evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e%2e//evil.example',
  '/a/%2e%2e/%2fevil.example',
  '//evil.example@127.0.0.1',
  '@evil.example',
  '.evil.example',
  ':443@evil.example',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  '/javascript:alert(1)//',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  'evil.example',
  '/\u2028/evil.example',
  '/\u3002evil.example',
  '\uff0f\uff0fevil.example',
  '/\u0000/evil.example',
  '/auth/login?return_to=//evil.example',
  '/%61uth/logout',
  '/auth%2flogin',
  '',
  '?',
  '#//evil.example',
];

test.each(elsewhere)('a login that is to return to %j ends on a page of ours', async (returnTo) => {
  const browser = stage.newBrowser();
  const asked = await browser.get(`/auth/login?return_to=${encodeURIComponent(returnTo)}`);
  const back = await browser.approve(locationOf(asked), { user_id: ids.member });
  const location = locationOf(await browser.get(back));
  expect(location).toMatch(/^\/(?![/\\])/);
  const { origin, pathname } = resolved(location);
  expect(origin).toBe(stage.url);
  expect(decodeURIComponent(pathname)).not.toMatch(/\/\/|\\|^\/auth/);
});

test.each([
  ['/account', '/account'],
  ['/?guild=1&channel=2#top', '/?guild=1&channel=2#top'],
  ['/videos/1?q=https://evil.example//', '/videos/1?q=https://evil.example//'],
  ['/a/../account', '/account'],
  ['/café', '/caf%C3%A9'],
])('a login returns to %j', async (returnTo, expected) => {
  expect(await stage.newBrowser().logIn(ids.member, returnTo)).toBe(expected);
});

test('what Discord sends along says nothing of where to', async () => {
  const browser = stage.newBrowser();
  const away = locationOf(await browser.get('/auth/login?return_to=/account'));
  const back = await browser.approve(away, { user_id: ids.member });
  const answer = await browser.get(`${back}&error_description=https://evil.example&guild_id=//evil.example`);
  expect(locationOf(answer)).toBe('/account');
});

test('a name for us that is not ours leads nobody to it', async () => {
  for (const headers of [
    { host: 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { forwarded: 'host=evil.example;proto=https' },
    { 'x-original-host': 'evil.example', 'x-host': 'evil.example' },
  ]) {
    const { status, headers: answered } = await ask(stage.url, '/auth/login', { headers });
    if (status === 421) continue;
    expect(status).toBe(302);
    const redirectUri = new URL(String(answered.location)).searchParams.get('redirect_uri');
    expect(redirectUri).toBe(`${stage.url}/auth/callback`);
  }
});

test('a link that came with a message leads to the CDN of Discord, or nowhere', async () => {
  const browser = await stage.logIn(ids.member);
  const id = attachmentId(10);
  const stream = () => browser.get(`/videos/${id}/stream`);
  const location = locationOf(await stream());
  expect(stage.sandbox.cdnOrigins).toContain(new URL(location).origin);
  const [, path = ''] = /^https?:\/\/[^/]+(\/.*)$/.exec(location) ?? [];
  for (const origin of [
    'https://evil.example',
    `${stage.sandbox.cdnOrigins[0]}@evil.example`,
    'javascript:alert(1)',
  ]) {
    await stage.db.query(sql`update videos set url = ${origin + path} where id = ${id}`);
    const answer = await stream();
    expect(answer.status).toBe(404);
    expect(answer.headers.get('location')).toBeNull();
  }
});
