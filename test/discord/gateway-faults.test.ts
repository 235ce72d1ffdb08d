import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DiscordError } from '../../src/discord/discord-error.ts';
import type { GatewayOptions } from '../../src/discord/gateway.ts';
import { messageOf } from '../../src/lib/errors.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Client, gatewayBot, startGateway } from './gateway-client.ts';

const sequencesOf = ({ seen }: Client) =>
  seen.filter(({ type }) => type === 'MESSAGE_CREATE').map(({ sequence }) => sequence);

/** Live, with two messages delivered; then it breaks, and a third is posted meanwhile. */
async function broken(how: (client: Client) => void): Promise<Client> {
  const client = await startGateway();
  await client.hasSeen(1);
  client.server.emit('MESSAGE_CREATE', {});
  client.server.emit('MESSAGE_CREATE', {});
  await client.hasSeen(3);
  how(client);
  return client;
}

describe('the session is resumed without a gap after', () => {
  test.each<[string, (client: Client) => void]>([
    ['a cut connection', ({ server }) => server.connections[0]?.socket.terminate()],
    ['close code 4000', ({ server }) => server.connections[0]?.socket.close(4000)],
    ['close code 1001', ({ server }) => server.connections[0]?.socket.close(1001)],
    ['op 7', ({ server }) => server.connections[0]?.send({ op: 7, d: null, s: null, t: null })],
    ['op 9 true', ({ server }) => server.connections[0]?.send({ op: 9, d: true, s: null, t: null })],
    ['a message that is no JSON', ({ server }) => server.connections[0]?.sendText('{"op": 0, "t": "MESS')],
    ['a message that is no object', ({ server }) => server.connections[0]?.sendText('null')],
    [
      'a frame that does not inflate',
      ({ server }) => server.connections[0]?.socket.send(Buffer.alloc(50, 7)),
    ],
  ])('%s', async (_, how) => {
    const client = await broken(how);
    await client.server.received(2, 6);
    client.server.emit('MESSAGE_CREATE', {});
    await waitFor(() => sequencesOf(client).length === 3);
    expect(sequencesOf(client)).toEqual([2, 3, 5]);
    expect(client.told).toEqual(['up', 'READY', 'down', 'up', 'RESUMED']);
  });

  test('events that came while nobody listened', async () => {
    const client = await broken(({ server }) => {
      server.connections[0]?.socket.terminate();
      server.emit('MESSAGE_CREATE', {}, undefined);
    });
    await waitFor(() => sequencesOf(client).length === 3);
    expect(sequencesOf(client)).toEqual([2, 3, 4]);
  });

  test('a heartbeat that is not answered', async () => {
    const client = await startGateway({ behaviour: { heartbeatMs: 300, acknowledges: false } });
    const resume = await client.server.received(2, 6);
    expect(resume.d).toMatchObject({ session_id: 'session-1', seq: 1 });
    expect(client.server.connections[0]?.received.filter(({ op }) => op === 1)).toHaveLength(1);
  });
});

describe('a new session begins after', () => {
  test('op 9 false', async () => {
    const client = await broken(({ server }) =>
      server.connections[0]?.send({ op: 9, d: false, s: null, t: null }),
    );
    await client.server.received(2, 2);
    await waitFor(() => client.session?.sessionId === 'session-2');
    expect(client.told).toEqual(['up', 'READY', 'down', 'up', 'READY']);
  });

  test.each([4003, 4007, 4009])('close code %i', async (code) => {
    const client = await broken(({ server }) => server.connections[0]?.socket.close(code));
    await client.server.received(2, 2);
  });

  test('a refused resume', async () => {
    const client = await broken(({ server }) => {
      server.behaviour.onResume = (connection) => connection.send({ op: 9, d: false, s: null, t: null });
      server.connections[0]?.socket.terminate();
    });
    await client.server.received(2, 6);
    await client.server.received(3, 2);
  });
});

describe('silence', () => {
  test('no HELLO', async () => {
    const { server, hasSeen } = await startGateway({
      behaviour: { says: 'nothing' },
      options: { limits: { helloTimeoutMs: 300 } },
    });
    await waitFor(() => server.connections.length >= 2);
    server.behaviour.says = 'hello';
    await hasSeen(1);
  });

  test('no READY', async () => {
    const client = await startGateway({
      behaviour: { onIdentify: () => {} },
      options: { limits: { readyTimeoutMs: 500 } },
    });
    await waitFor(() => client.server.connections.length >= 2);
    client.server.behaviour.onIdentify = client.server.ready;
    await client.hasSeen(1);
  });
});

describe('what only a person can mend ends it', () => {
  test.each([
    [4004, 'token_refused', 'DISCORD_BOT_TOKEN'],
    [4013, 'invalid_intents', '4013'],
    [4014, 'message_content_not_enabled', 'Message Content Intent'],
  ])('close code %i', async (closeCode, code, text) => {
    const { gateway, server } = await startGateway({
      behaviour: { onIdentify: ({ socket }) => socket.close(closeCode) },
    });
    const error = await gateway.failed.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(messageOf(error)).toContain(text);
    await delay(150); // several of the short waits: it must not come back
    expect(server.connections).toHaveLength(1);
  });

  test('a token that REST refuses', async () => {
    const refusal = new DiscordError('unauthorized', {
      route: 'GET /gateway/bot',
      reason: '401',
      httpStatus: 401,
    });
    const rest = { getGatewayBot: () => Promise.reject(refusal) };
    const { gateway } = await startGateway({ options: { rest } });
    await expect(gateway.failed).rejects.toBe(refusal);
  });
});

describe('an outage', () => {
  test('is sat out with growing pauses, and the session resumed', async () => {
    const limits = { reconnectFirstMs: 40, reconnectMaxMs: 160 };
    const downs: number[] = [];
    const client = await startGateway({
      options: { limits, onDown: () => downs.push(performance.now()) },
    });
    await client.hasSeen(1);
    await client.server.goAway();
    const startedAt = performance.now();
    await waitFor(() => downs.length >= 5);
    // 40 + 80 + 160 + 160 at least half of each
    expect(performance.now() - startedAt).toBeGreaterThan(200);
    await client.server.comeBack();
    const resume = await client.server.received(2, 6);
    expect(resume.d).toMatchObject({ session_id: 'session-1', seq: 1 });
    await waitFor(() => client.seen.some(({ type }) => type === 'RESUMED'));
  });

  const route = 'GET /gateway/bot';
  const outage = new DiscordError('unavailable', { route, reason: 'answered 503' });
  const remembered = new DiscordError('unauthorized', {
    route,
    reason: 'refused before',
    retryAfterMs: 60_000,
  });
  const shards = { count: 1, ids: [0] };
  test.each<[string, DiscordError, Partial<GatewayOptions>]>([
    ['503', outage, {}],
    ['503, where shards are known', outage, { shards }],
    ['a token whose refusal is only remembered', remembered, {}],
    ['a token whose refusal is only remembered, where shards are known', remembered, { shards }],
  ])('of GET /gateway/bot is sat out too: %s', async (_, refusal, options) => {
    let asked = 0;
    const getGatewayBot = async () => {
      asked += 1;
      if (asked < 4) throw refusal;
      return gatewayBot(client.server.url);
    };
    const client = await startGateway({ options: { ...options, rest: { getGatewayBot } } });
    await client.hasSeen(1);
    expect(asked).toBe(4);
  });
});
