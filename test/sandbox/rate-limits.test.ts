import { expect, test } from 'vitest';
import { runSandbox, type TestSandbox } from './running-sandbox.ts';
import { ids } from './small-world.ts';

const general = `/channels/${ids.general}/messages?limit=1`;
const voice = `/channels/${ids.voice}/messages?limit=1`;

async function statuses(sandbox: TestSandbox, path: string, count: number): Promise<number[]> {
  const replies = await Promise.all(Array.from({ length: count }, () => sandbox.get(path)));
  return replies.map(({ status }) => status).sort();
}

test('five pages in five seconds for each channel, told honestly', async () => {
  const sandbox = await runSandbox({ limits: {} });
  const first = await sandbox.get(general);
  expect(first.headers.get('x-ratelimit-limit')).toBe('5');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('4');
  expect(Number(first.headers.get('x-ratelimit-reset-after'))).toBeCloseTo(5, 1);
  expect(Number(first.headers.get('x-ratelimit-reset'))).toBeCloseTo(Date.now() / 1000 + 5, 0);
  expect(await statuses(sandbox, general, 4)).toEqual([200, 200, 200, 200]);

  const refused = await sandbox.get(general);
  expect(refused).toMatchObject({
    status: 429,
    body: { message: 'You are being rate limited.', global: false },
  });
  expect(refused.body.retry_after).toBeGreaterThan(4);
  expect(refused.headers.get('x-ratelimit-scope')).toBe('user');
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(refused.headers.get('x-ratelimit-bucket')).toBe(first.headers.get('x-ratelimit-bucket'));

  expect((await sandbox.get(voice)).status).toBe(200);
  const { body: stats } = await sandbox.control('stats');
  expect(stats.rateLimited).toEqual({ 'GET /channels/:channel/messages': 1 });
  expect(stats.requests['GET /channels/:channel/messages']).toBe(7);
});

test('whoever waits as told is let through', async () => {
  const limits = { routes: { messages: { requests: 1, perSecs: 0.2 } } };
  const sandbox = await runSandbox({ limits });
  await sandbox.get(general);
  for (let round = 0; round < 5; round += 1) {
    const { status, body } = await sandbox.get(general);
    expect(status).toBe(429);
    await new Promise((resolve) => setTimeout(resolve, body.retry_after * 1000));
    expect((await sandbox.get(general)).status).toBe(200);
  }
});

test('fifty in any second for all routes together', async () => {
  const sandbox = await runSandbox({
    limits: { routes: { 'GET /users/@me': { requests: 1000, perSecs: 1 } } },
  });
  const sorted = await statuses(sandbox, '/users/@me', 60);
  expect(sorted.filter((status) => status === 200)).toHaveLength(50);
  const refused = await sandbox.get(general);
  expect(refused).toMatchObject({ status: 429, body: { global: true } });
  expect(refused.headers.get('x-ratelimit-global')).toBe('true');
  expect(refused.headers.get('x-ratelimit-scope')).toBe('global');
  expect(refused.headers.has('x-ratelimit-bucket')).toBe(false);
});

test('headers can lie until the 429, which tells the truth under another bucket', async () => {
  const sandbox = await runSandbox({ limits: {} });
  await sandbox.control('lying-headers', { on: true });
  const first = await sandbox.get(general);
  expect(first.headers.get('x-ratelimit-limit')).toBe('1000');
  expect(first.headers.get('x-ratelimit-remaining')).toBe('999');
  await statuses(sandbox, general, 4);
  const refused = await sandbox.get(general);
  expect(refused.status).toBe(429);
  expect(refused.headers.get('x-ratelimit-limit')).toBe('5');
  expect(refused.headers.get('x-ratelimit-bucket')).not.toBe(first.headers.get('x-ratelimit-bucket'));
});
