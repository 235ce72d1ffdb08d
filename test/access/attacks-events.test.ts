import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ids } from '../sandbox/small-world.ts';
import { waitFor } from '../support/wait-for.ts';
import { cookieHeader } from './attack-http.ts';
import { type AttackStage, openAttackStage } from './attack-stage.ts';

const LEAVING_MS = 5_000; // well below the heartbeat

let stage: AttackStage;
let cookie: string;
const complaints = vi.spyOn(console, 'error').mockImplementation(() => {});
beforeAll(async () => {
  stage = await openAttackStage();
});
beforeEach(async () => {
  cookie = cookieHeader(await stage.logIn(ids.member));
  complaints.mockClear();
});
afterEach(() => stage.calmDown());
afterAll(() => stage.close());

/** Follows the events from where the browser says that it was, until `isEnough`, or their end. */
async function follow(lastEventId: string, isEnough: (text: string) => boolean, headers = {}) {
  const leaving = new AbortController();
  const response = await fetch(`${stage.url}/api/events`, {
    headers: { cookie, ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }), ...headers },
    signal: leaving.signal,
  });
  const reader = response.body?.getReader();
  let text = '';
  while (reader && !isEnough(text)) {
    const { done, value } = await reader.read();
    if (done) return { status: response.status, text, hasEnded: true };
    text += Buffer.from(value).toString();
  }
  leaving.abort();
  return { status: response.status, text, hasEnded: false };
}

test.each([
  'nonsense',
  '0',
  '-1',
  '1e309',
  "' or true--",
  '2026-01-01',
  '01/02/2099',
  'Thu, 01 Jan 2099 00:00:00 GMT',
  'Jan 1 2099 (a comment)',
  '2099-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  '-271821-04-20T00:00:00.000Z',
  '2099-01-01T00:00:00+99:99',
  'x'.repeat(8_000),
])('a stream that says to go on at %j begins, and goes on', async (lastEventId) => {
  const errors = () => stage.lines.filter((line) => line.includes('"level":50'));
  const { status, hasEnded } = await follow(lastEventId, (text) => text.includes('retry:'));
  expect({ status, hasEnded }).toEqual({ status: 200, hasEnded: false });
  expect(complaints.mock.calls).toEqual([]);
  expect(errors()).toEqual([]);
});

test('events are for nobody but whom they are told to: no cache keeps them', async () => {
  const response = await fetch(`${stage.url}/api/events`, { headers: { cookie } });
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  await response.body?.cancel();
  expect((await fetch(`${stage.url}/api/events`)).status).toBe(401);
});

test('one viewer holds no more than a few streams, and others still find room', async () => {
  const open = () => fetch(`${stage.url}/api/events`, { headers: { cookie } });
  const streams = await Promise.all(Array.from({ length: 15 }, open));
  const statuses = streams.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBe(10);
  expect(statuses.filter((status) => status === 429).length).toBe(5);
  const other = cookieHeader(await stage.logIn(ids.manager));
  const theirs = await fetch(`${stage.url}/api/events`, { headers: { cookie: other } });
  expect(theirs.status).toBe(200);
  for (const { body } of [...streams, theirs]) await body?.cancel();
  const reopens = async () => {
    const again = await open();
    await again.body?.cancel();
    return again.status === 200;
  };
  await waitFor(reopens, LEAVING_MS);
});

test('asking for the head of the stream takes no place in it', async () => {
  for (let n = 0; n < 15; n += 1) {
    const { status, headers } = await fetch(`${stage.url}/api/events`, {
      method: 'HEAD',
      headers: { cookie },
    });
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'text/event-stream' });
  }
  const { status } = await follow('', (text) => text.includes('retry:'));
  expect(status).toBe(200);
});
