import { describe, expect, onTestFinished, test } from 'vitest';
import { isTokenRefused } from '../../src/discord/discord-error.ts';
import { TOKEN_REFUSED_MS, Transport } from '../../src/discord/transport.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { messageOf } from '../../src/lib/errors.ts';
import { createLogger } from '../../src/lib/log.ts';
import {
  CHANNEL,
  failureOf,
  impatience,
  shortLimits,
  skippingClock,
  startRest,
  TOKEN,
} from './rest-client.ts';
import {
  brokenJson,
  closedSocket,
  compressed,
  cutBody,
  json,
  noAnswer,
  stalledBody,
  text,
  tooMany,
} from './scripted-server.ts';

const page = json(200, [{ id: '1' }]);

describe('a passing fault is retried', () => {
  test.each([
    ['500', json(500, { message: 'oops' })],
    ['502 with HTML', text(502, '<html>Bad gateway</html>')],
    ['503', text(503, '')],
    ['no answer', noAnswer],
    ['a socket closed without an answer', closedSocket],
    ['a body that stalls', stalledBody],
    ['a body that is cut', cutBody],
    ['broken JSON', brokenJson],
  ])('%s', async (_, fault) => {
    const { rest, server } = await startRest(undefined, impatience);
    server.script.push(fault, fault, page);
    expect(await rest.listMessages(CHANNEL, {})).toEqual([{ id: '1' }]);
    expect(server.received).toHaveLength(3);
  });

  test('the pauses grow', async () => {
    const { rest, server } = await startRest(page, { retryFirstMs: 40, retryMaxMs: 1_000 });
    server.script.push(json(500, {}), json(500, {}), json(500, {}));
    await rest.listMessages(CHANNEL, {});
    const gaps = server.received.slice(1).map(({ at }, index) => at - (server.received[index]?.at ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(19);
    expect(gaps[1]).toBeGreaterThanOrEqual(39);
    expect(gaps[2]).toBeGreaterThanOrEqual(79);
  });

  test('keep-alive sockets that the server closed cost nothing', async () => {
    const { rest, server } = await startRest(page);
    for (let n = 0; n < 5; n += 1) {
      await rest.listMessages(CHANNEL, {});
      server.dropIdleConnections();
    }
    expect(server.received.length).toBeGreaterThanOrEqual(5);
  });

  test('but not for ever', async () => {
    const { rest, server } = await startRest(json(503, {}), { faultAttempts: 3 });
    const error = await failureOf(rest.listMessages(CHANNEL, {}));
    expect(error).toMatchObject({
      kind: 'unavailable',
      httpStatus: 503,
      route: 'GET /channels/:id/messages',
    });
    expect(error.message).toContain(CHANNEL);
    expect(server.received).toHaveLength(3);
  });

  test('nobody listens there', async () => {
    const { rest, server } = await startRest(page, { faultAttempts: 2 });
    await server.close();
    expect(await failureOf(rest.getGatewayBot())).toMatchObject({ kind: 'unavailable', httpStatus: null });
    // The test's own end closes it too.
    server.close = async () => {};
  });
});

describe('answers that no repeat mends', () => {
  test.each([
    [400, 'bad_request'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [302, 'malformed'],
  ])('%i is %s', async (status, kind) => {
    const { rest, server } = await startRest(json(status, { message: 'No', code: 50001 }));
    expect(await failureOf(rest.getChannel(CHANNEL))).toMatchObject({
      kind,
      httpStatus: status,
      discordCode: 50001,
      code: `discord_${kind}`,
    });
    expect(server.received).toHaveLength(1);
  });

  test.each([403, 404, 407, 408, 421, 425])(
    '%i without a code of Discord is an outage of what stands between',
    async (status) => {
      const { rest, server } = await startRest(text(status, '<html>error code: 1020</html>'));
      expect(await failureOf(rest.getChannel(CHANNEL))).toMatchObject({
        kind: 'unavailable',
        httpStatus: status,
        discordCode: null,
      });
      expect(server.received).toHaveLength(1);
    },
  );

  test('a 401 marks the token: later calls fail without being sent', async () => {
    const { rest, server } = await startRest(json(401, { message: '401: Unauthorized', code: 0 }));
    expect(await failureOf(rest.getCurrentUser())).toMatchObject({ kind: 'unauthorized', httpStatus: 401 });
    expect(await failureOf(rest.listMessages(CHANNEL, {}))).toMatchObject({ kind: 'unauthorized' });
    expect(server.received).toHaveLength(1);
  });

  test('a token refused once is tried again ten minutes later', async () => {
    const clock = skippingClock();
    const { rest, server } = await startRest(page, {}, clock);
    server.script.push(json(401, { message: '401: Unauthorized', code: 0 }));
    const refused = await failureOf(rest.getCurrentUser());
    expect(refused).toMatchObject({ kind: 'unauthorized' });
    expect(isTokenRefused(refused)).toBe(true);
    clock.skip(TOKEN_REFUSED_MS - 60_000);
    const remembered = await failureOf(rest.listMessages(CHANNEL, {}));
    expect(remembered).toMatchObject({ kind: 'unauthorized' });
    expect(isTokenRefused(remembered)).toBe(false);
    expect(server.received).toHaveLength(1);
    clock.skip(60_000);
    expect(await rest.listMessages(CHANNEL, {})).toEqual([{ id: '1' }]);
  });

  test('an answer of another shape', async () => {
    const { rest, server } = await startRest(json(200, { not: 'a list' }));
    expect(await failureOf(rest.listMessages(CHANNEL, {}))).toMatchObject({ kind: 'malformed' });
    server.fallback = json(200, null);
    expect(await failureOf(rest.getChannel(CHANNEL))).toMatchObject({ kind: 'malformed' });
  });

  test('a body beyond the bound, also one that only decompresses to it', async () => {
    const { rest, server } = await startRest(json(200, ['x'.repeat(5_000)]), { maxBodyBytes: 1_000 });
    expect(await failureOf(rest.listMessages(CHANNEL, {}))).toMatchObject({ kind: 'malformed' });
    server.fallback = compressed('gzip', JSON.stringify(['x'.repeat(5_000)]));
    expect(await failureOf(rest.listMessages(CHANNEL, {}))).toMatchObject({ kind: 'malformed' });
  });
});

test.each(['gzip', 'br'] as const)('%s is asked for and decoded', async (encoding) => {
  const { rest, server } = await startRest(compressed(encoding, '[{"id":"1","content":"größer"}]'));
  expect(await rest.listMessages(CHANNEL, {})).toEqual([{ id: '1', content: 'größer' }]);
  expect(server.received[0]?.headers['accept-encoding']).toContain(encoding);
});

test('requests name us and carry the token; no error and no log line does', async () => {
  const { rest, server, log } = await startRest(json(500, {}));
  const error = await failureOf(rest.listMessages(CHANNEL, {}));
  const refused = [json(429, {}), json(403, {}), json(401, {})];
  server.script.push(...refused);
  const denied = await failureOf(rest.getChannel(CHANNEL));
  const unauthorized = await failureOf(rest.getChannel(CHANNEL));
  expect(server.received[0]?.headers['user-agent']).toMatch(/^DiscordBot \(https:\/\/\S+, \d+\.\d+\.\d+\)$/);
  expect(server.received[0]?.headers.authorization).toBe(`Bot ${TOKEN}`);
  expect(unauthorized.kind).toBe('unauthorized');
  expect(log.text).toContain('429');
  for (const shown of [error, denied, unauthorized]) {
    expect(messageOf(shown) + shown.stack + JSON.stringify(shown)).not.toContain('secret-part');
  }
  expect(log.text).not.toContain('secret-part');
});

describe('what may be sent twice', () => {
  const command = [{ name: 'videos', description: 'Find videos' }];

  test('PUT and the refresh of links, which change nothing the second time', async () => {
    const { rest, server } = await startRest(json(200, []));
    server.script.push(closedSocket);
    await rest.putCommands(CHANNEL, command);
    server.script.push(closedSocket, json(200, { refreshed_urls: [] }));
    await rest.refreshAttachmentUrls(['https://cdn.discordapp.com/attachments/1/2/a.mp4']);
    expect(server.received.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'POST', 'POST']);
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual(command);
  });
});

describe('what must not be sent twice', () => {
  const post = {
    method: 'POST',
    route: '/channels/:id/messages',
    ids: [CHANNEL],
    path: '/x',
    body: {},
  } as const;

  function transportTo(apiUrl: string): Transport {
    const transport = new Transport({
      apiUrl,
      token: TOKEN,
      userAgent: 'DiscordBot (https://localhost, 1)',
      clock: systemClock,
      random: Math.random,
      log: createLogger('silent'),
      signal: new AbortController().signal,
      limits: { ...shortLimits, ...impatience },
    });
    onTestFinished(() => transport.close());
    return transport;
  }

  test.each([
    ['500', json(500, {})],
    ['a closed socket', closedSocket],
    ['no answer', noAnswer],
  ])('%s leaves open whether it was done: it is not repeated', async (_, fault) => {
    const { server } = await startRest(json(200, {}));
    server.script.push(fault);
    expect(await failureOf(transportTo(server.apiUrl).send(post))).toMatchObject({ kind: 'unavailable' });
    expect(server.received).toHaveLength(1);
  });

  test('a refusal was certainly not done: it is repeated', async () => {
    const { server } = await startRest(json(200, { id: '1' }));
    server.script.push(tooMany(0.05));
    expect(await transportTo(server.apiUrl).send(post)).toEqual({ status: 200, body: { id: '1' } });
  });
});

describe('signals', () => {
  test('a call that is aborted ends at once, whatever it waits for', async () => {
    const { rest } = await startRest(noAnswer, { headersTimeoutMs: 20_000, totalTimeoutMs: 20_000 });
    const abort = new AbortController();
    const sent = rest.listMessages(CHANNEL, {}, { signal: abort.signal });
    const queued = rest.listMessages(CHANNEL, {}, { signal: abort.signal });
    setTimeout(() => abort.abort(), 30);
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    await expect(queued).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an aborted call leaves its lane to the next', async () => {
    const { rest, server } = await startRest(page, { headersTimeoutMs: 20_000, totalTimeoutMs: 20_000 });
    server.script.push(noAnswer);
    const abort = new AbortController();
    const sent = rest.listMessages(CHANNEL, {}, { signal: abort.signal });
    const next = rest.listMessages(CHANNEL, {});
    setTimeout(() => abort.abort(), 30);
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    expect(await next).toHaveLength(1);
  });

  test('the end of the program ends all calls', async () => {
    const { rest, stop } = await startRest(noAnswer, { headersTimeoutMs: 20_000, totalTimeoutMs: 20_000 });
    const calls = [rest.getCurrentUser(), rest.getGatewayBot(), rest.listMessages(CHANNEL, {})];
    setTimeout(() => stop.abort(), 30);
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('closing ends all calls', async () => {
    const { rest } = await startRest(noAnswer, { headersTimeoutMs: 20_000, totalTimeoutMs: 20_000 });
    const call = rest.getCurrentUser();
    setTimeout(() => rest.close(), 30);
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect(rest.getCurrentUser()).rejects.toMatchObject({ name: 'AbortError' });
  });
});
