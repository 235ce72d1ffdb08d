import { expect, test } from 'vitest';
import { endWaits, faultsLeft, MESSAGES, openRestStage, pagesAsked, untilParked } from './rest-stage.ts';

const limited = { message: 'You are being rate limited.', retry_after: 0.3, global: false };
const bucket = {
  'retry-after': '1',
  'x-ratelimit-limit': '5',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset-after': '0.3',
};
const halfAnHour = {
  status: 429,
  headers: { 'retry-after': '1800' },
  body: { ...limited, retry_after: 1800 },
};

test.each<[string, Record<string, unknown>]>([
  ['with JSON and headers', { headers: { ...bucket, 'x-ratelimit-scope': 'user' }, body: limited }],
  ['with JSON alone', { body: limited }],
  ['of what others used up', { headers: { ...bucket, 'x-ratelimit-scope': 'shared' }, body: limited }],
  ['for all that we do', { headers: { 'x-ratelimit-global': 'true' }, body: { ...limited, global: true } }],
  ['as HTML with a time', { headers: { 'retry-after': '1' }, body: '<html>Slow down</html>' }],
  ['as HTML without anything', { body: '<html>Slow down</html>' }],
  ['as error code 1015', { body: 'error code: 1015' }],
])('429 %s: waited out, and nothing is missing', async (_, fault) => {
  const stage = await openRestStage();
  await stage.fail({ status: 429, count: 3, ...fault });
  await stage.start();
  await stage.settled();
  expect(await faultsLeft(stage)).toBe(0);
});

test('headers that promise 999 of 1,000 cost one refusal of a route in the life of the program', async () => {
  const stage = await openRestStage(
    {},
    {
      limits: { isEnabled: true, globalPerSecond: 1_000, routes: { messages: { requests: 5, perSecs: 1 } } },
    },
  );
  await stage.sandbox.control('lying-headers', { on: true });
  await stage.start();
  await stage.openRoom();
  await stage.openRoom();
  await stage.settled();
  const { rateLimited } = (await stage.sandbox.control('stats')) as { rateLimited: Record<string, number> };
  expect(rateLimited[`GET ${MESSAGES}`]).toBe(1);
  expect(Math.max(...Object.values(rateLimited))).toBe(1); // the search has a limit of its own
});

test('429 for half an hour: the run waits in the table, holds no worker, and outlives the program', async () => {
  const stage = await openRestStage();
  await stage.fail(halfAnHour);
  const first = await stage.start({ WORKER_CONCURRENCY: '1' });
  const parked = await untilParked(stage.db); // the only worker has done everything else
  expect(parked).toMatchObject([{ reason: 'rate_limited' }]);
  expect(parked[0]?.until.getTime()).toBeGreaterThan(Date.now() + 29 * 60_000);
  await first.stop();

  const asked = await pagesAsked(stage);
  await stage.start();
  await stage.openRoom();
  expect(await untilParked(stage.db)).toEqual(parked);
  expect(await pagesAsked(stage)).toBeGreaterThan(asked); // of the room, not of the channel that waits
  await endWaits(stage.db);
  await stage.settled();
});

test('too many refusals: the scans of a guild pause long before Discord bans the address', async () => {
  const stage = await openRestStage({ invalidStopAt: 24 }); // an eighth of it for each guild
  await stage.fail({ status: 403, count: 10_000, body: { message: 'Missing Access', code: 50_001 } });
  const program = await stage.start({ WORKER_CONCURRENCY: '1' });
  const parked = await untilParked(stage.db);
  expect(new Set(parked.map(({ reason }) => reason))).toEqual(new Set(['too_many_refusals']));
  const { invalidRequests } = await stage.sandbox.control('stats');
  expect(invalidRequests).toBe(3);
  await program.stop();
});
