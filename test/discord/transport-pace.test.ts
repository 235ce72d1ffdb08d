import { describe, expect, test } from 'vitest';
import type { DiscordRest } from '../../src/discord/rest.ts';
import { waitFor } from '../support/wait-for.ts';
import { CHANNEL, failureOf, GUILD, startRest } from './rest-client.ts';
import {
  type Answer,
  json,
  noAnswer,
  type Received,
  slidingLimit,
  text,
  tooMany,
} from './scripted-server.ts';

const page = json(200, []);
const channels = (count: number) =>
  Array.from({ length: count }, (_, n) => String(BigInt(CHANNEL) + BigInt(n)));

async function readPages(rest: DiscordRest, channelId: string, pages: number): Promise<void> {
  for (let n = 0; n < pages; n += 1) await rest.listMessages(channelId, {});
}

/** The most requests that arrived within any span of that length. */
function mostWithin(received: readonly Received[], windowMs: number): number {
  const counts = received.map(
    ({ at: start }) => received.filter(({ at }) => at >= start && at < start + windowMs).length,
  );
  return Math.max(...counts);
}

describe('no refusal that could have been foreseen', () => {
  test('honest headers: none', async () => {
    const limit = slidingLimit(5, 300, 'honest', 10);
    const { rest } = await startRest(limit.answer);
    await Promise.all(channels(3).map((id) => readPages(rest, id, 20)));
    expect(limit.counts).toEqual({ refused: 0, accepted: 60 });
  });

  test('headers that promise a thousand: one, from which the pace is learned', async () => {
    const limit = slidingLimit(5, 400, 'lying', 10);
    const { rest } = await startRest(limit.answer);
    const startedAt = performance.now();
    await readPages(rest, CHANNEL, 40);
    expect(limit.counts).toEqual({ refused: 1, accepted: 40 });
    // 40 reads are 8 windows; a pace that is far too careful would take much longer.
    expect(performance.now() - startedAt).toBeLessThan(8 * 400 * 3);
  });

  test('one channel learns for all, also when they start together', async () => {
    const limit = slidingLimit(5, 400, 'lying', 20);
    const { rest } = await startRest(limit.answer);
    await Promise.all(channels(12).map((id) => readPages(rest, id, 15)));
    expect(limit.counts).toEqual({ refused: 1, accepted: 180 });
  });

  test('a route that shows no hidden limit is not held back', async () => {
    const limit = slidingLimit(10_000, 400, 'lying');
    const { rest } = await startRest(limit.answer);
    const startedAt = performance.now();
    await Promise.all(channels(8).map((id) => readPages(rest, id, 50)));
    expect(limit.counts.refused).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  test('50 in any view of a second, never a burst, and not much less', async () => {
    const { rest, server } = await startRest(page, { requestsPerSecond: 50 });
    await Promise.all(channels(120).map((id) => rest.getChannel(id).catch(() => {})));
    expect(mostWithin(server.received, 1_000)).toBeLessThanOrEqual(50);
    expect(mostWithin(server.received, 100)).toBeLessThanOrEqual(20); // late ones are made up for at twice the pace
    const [first, last] = [server.received.at(0), server.received.at(-1)];
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(6_000);
  });

  test('one request at a time for each route of a channel', async () => {
    const atOnce = { now: 0, most: 0 };
    const slow: Answer = (response, request) => {
      atOnce.now += 1;
      atOnce.most = Math.max(atOnce.most, atOnce.now);
      setTimeout(() => {
        atOnce.now -= 1;
        page(response, request);
      }, 10);
    };
    const { rest } = await startRest(slow);
    await Promise.all(Array.from({ length: 8 }, () => rest.listMessages(CHANNEL, {})));
    expect(atOnce.most).toBe(1);
    await Promise.all(channels(4).map((id) => rest.listMessages(id, {})));
    expect(atOnce.most).toBeGreaterThan(1);
  });
});

describe('a refusal (429)', () => {
  const waits: [string, Answer, number][] = [
    ['with headers and body', tooMany(0.3), 300],
    ['with a body only', json(429, { retry_after: 0.3, global: false }), 300],
    ['with nothing but JSON', json(429, {}), 25],
    ['as HTML with a header', text(429, '<html>slow down</html>', { 'retry-after': '0.3' }), 300],
    ['as HTML without headers', text(429, '<html>slow down</html>'), 25],
    ['as error code 1015', text(429, 'error code: 1015'), 25],
  ];

  test.each(waits)('%s is waited out', async (_, refusal, waitMs) => {
    const { rest, server } = await startRest(page);
    server.script.push(refusal);
    await rest.listMessages(CHANNEL, {});
    const [first, second] = server.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(waitMs);
  });

  test('of one channel does not hold the others', async () => {
    const { rest, server } = await startRest(page);
    server.script.push(tooMany(0.5));
    const refused = rest.listMessages(CHANNEL, {});
    await rest.listMessages(GUILD, {});
    expect(server.received).toHaveLength(2);
    await refused;
  });

  test.each<[string, Answer]>([
    ['global', tooMany(0.4, { 'x-ratelimit-global': 'true', 'x-ratelimit-scope': 'global' })],
    ['from the guard before the API', text(429, 'error code: 1015', { 'retry-after': '0.4' })],
  ])('%s holds everything', async (_, refusal) => {
    const { rest, server } = await startRest(page);
    server.script.push(refusal);
    await Promise.all([...channels(5).map((id) => rest.listMessages(id, {})), rest.listGuildChannels(GUILD)]);
    const refusedAt = server.received[0]?.at ?? 0;
    const later = server.received.filter(({ at }) => at > refusedAt + 100);
    // What had left before the refusal came back may have arrived; the rest waits.
    expect(later.length).toBeGreaterThan(0);
    for (const { at } of later) expect(at - refusedAt).toBeGreaterThanOrEqual(400);
  });

  test('of half an hour is told, not waited for, and keeps the channel closed', async () => {
    const { rest, server } = await startRest(page);
    server.script.push(tooMany(1_800));
    const error = await failureOf(rest.listMessages(CHANNEL, {}));
    expect(error.kind).toBe('rate_limited');
    expect(error.retryAfterMs).toBeGreaterThan(1_790_000);
    expect(await failureOf(rest.listMessages(CHANNEL, {}))).toMatchObject({ kind: 'rate_limited' });
    expect(server.received).toHaveLength(1);
    expect(await rest.listMessages(GUILD, {})).toEqual([]);
  });

  test('that asks for no wait is waited out longer each time', async () => {
    const { rest, server } = await startRest(json(429, { retry_after: 0 }), {
      leastRefusalMs: 100,
      refusalAttempts: 4,
    });
    const error = await failureOf(rest.listMessages(CHANNEL, {}));
    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 800 });
    const times = server.received.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    for (const [index, leastMs] of [100, 200, 400].entries())
      expect(gaps[index]).toBeGreaterThanOrEqual(leastMs);
    expect(gaps).toHaveLength(3);
  });

  test('of an absurd length counts as one of a day', async () => {
    const { rest, server } = await startRest(page);
    server.script.push(json(429, { retry_after: 1e300 }));
    const error = await failureOf(rest.listMessages(CHANNEL, {}));
    expect(error.kind).toBe('rate_limited');
    expect(error.retryAfterMs).toBeLessThanOrEqual(24 * 60 * 60_000 + 1_000);
  });

  test('that never ends is given up', async () => {
    const { rest, server } = await startRest(json(429, { retry_after: 0.01 }), { refusalAttempts: 4 });
    expect(await failureOf(rest.listMessages(CHANNEL, {}))).toMatchObject({ kind: 'rate_limited' });
    expect(server.received).toHaveLength(4);
  });
});

describe('the budget of refused requests', () => {
  test('stops everything before Discord does', async () => {
    const { rest, server } = await startRest(json(403, { message: 'Missing Access', code: 50001 }), {
      invalidStopAt: 10,
    });
    for (let n = 0; n < 10; n += 1) {
      expect(await failureOf(rest.getChannel(CHANNEL, { priority: 'interactive' }))).toMatchObject({
        kind: 'forbidden',
      });
    }
    const error = await failureOf(rest.listMessages(GUILD, {}, { priority: 'interactive' }));
    expect(error.kind).toBe('invalid_budget_spent');
    expect(error.retryAfterMs).toBeGreaterThan(500_000);
    expect(server.received).toHaveLength(10);
  });

  test('lets a guild that is closed to the bot stop its own scans alone', async () => {
    const { rest, server } = await startRest(page, { invalidStopAt: 80 });
    const closed = json(403, { message: 'Missing Access', code: 50001 });
    server.script.push(...Array.from({ length: 10 }, () => closed));
    const scan = (guildId: string) => rest.listMessages(CHANNEL, {}, { guildId });
    for (let n = 0; n < 10; n += 1) expect(await failureOf(scan(GUILD))).toMatchObject({ kind: 'forbidden' });
    expect(await failureOf(scan(GUILD))).toMatchObject({ kind: 'invalid_budget_spent' });
    expect(server.received).toHaveLength(10);
    expect(await scan(CHANNEL)).toEqual([]);
    expect(await rest.listMessages(CHANNEL, {}, { guildId: GUILD, priority: 'interactive' })).toEqual([]);
  });

  test('is not touched by shared refusals', async () => {
    const { rest, server } = await startRest(page, { invalidStopAt: 3 });
    const shared = tooMany(0.01, { 'x-ratelimit-scope': 'shared' });
    server.script.push(shared, shared, shared, shared);
    expect(await rest.listMessages(CHANNEL, {})).toEqual([]);
  });
});

test('interactive requests go before background ones that wait', async () => {
  const { rest, server } = await startRest(page, { requestsPerSecond: 50 });
  const background = channels(10).map((id) => rest.listMessages(id, {}, { priority: 'background' }));
  const interactive = rest.getMessage(GUILD, CHANNEL, { priority: 'interactive' }).catch(() => {});
  await Promise.all([...background, interactive]);
  const place = server.received.findIndex(({ path }) => path === `/channels/${GUILD}/messages/${CHANNEL}`);
  expect(place).toBeLessThanOrEqual(2);
});

test('a guild with many requests that wait lets another have every second turn', async () => {
  const { rest, server } = await startRest(page, { requestsPerSecond: 50 });
  const [first = '', ...others] = channels(24);
  const big = others.map((id) => rest.listMessages(id, {}, { guildId: GUILD }));
  const small = Promise.all([1, 2, 3].map((n) => rest.getMessage(first, String(n), { guildId: first })));
  const listed = rest.listGuildChannels(first); // its guild is in its path
  await Promise.all([...big, small.catch(() => {}), listed]);
  const places = server.received.flatMap(({ path }, n) => (path.includes(first) ? [n] : []));
  expect(places).toHaveLength(4);
  expect(places.at(-1)).toBeLessThanOrEqual(10);
});

test('an interactive request overtakes a background one that waits out a refusal of the same channel', async () => {
  const { rest, server } = await startRest(page);
  server.script.push(tooMany(0.3));
  const background = rest.listMessages(CHANNEL, { limit: 100 });
  await waitFor(() => server.received.length === 1);
  const interactive = rest.listMessages(CHANNEL, { limit: 1 }, { priority: 'interactive' });
  await Promise.all([background, interactive]);
  expect(server.received.map(({ path }) => path.split('limit=')[1])).toEqual(['100', '1', '100']);
});

test('more requests than can ever be sent in time are not taken', async () => {
  const { rest, stop } = await startRest(noAnswer, { headersTimeoutMs: 20_000, totalTimeoutMs: 20_000 });
  const waiting = channels(5_000).map((id) => rest.listMessages(id, {}));
  const failed = await failureOf(rest.listGuildChannels(GUILD));
  expect(failed).toMatchObject({ kind: 'rate_limited', retryAfterMs: 15_000 });
  stop.abort();
  expect((await Promise.allSettled(waiting)).every(({ status }) => status === 'rejected')).toBe(true);
});
