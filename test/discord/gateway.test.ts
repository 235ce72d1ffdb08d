import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { GatewaySession } from '../../src/discord/gateway.ts';
import { waitFor } from '../support/wait-for.ts';
import { gatewayBot, INTENTS, startGateway } from './gateway-client.ts';

const saved: GatewaySession = { sessionId: 'session-0', resumeUrl: '', sequence: 41, shardCount: 1 };

describe('a session', () => {
  test.each([true, false])('begins, and its events come in order (compressed: %s)', async (isCompressed) => {
    const client = await startGateway({ options: { isCompressed } });
    const { server, seen, told, hasSeen } = client;
    const identify = await server.received(1, 2);
    expect(identify.d).toMatchObject({ token: 'secret', intents: INTENTS, shard: [0, 1] });
    expect(server.connections[0]?.query.get('v')).toBe('10');
    expect(server.connections[0]?.query.get('compress')).toBe(isCompressed ? 'zlib-stream' : null);
    await hasSeen(1);
    for (let n = 2; n <= 200; n += 1) server.emit('MESSAGE_CREATE', { content: 'ä'.repeat(n * 10) });
    await hasSeen(200);
    expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    expect(seen[199]?.data).toEqual({ content: 'ä'.repeat(2_000) });
    expect(told).toEqual(['up', 'READY']);
    expect(client.session).toEqual({
      sessionId: 'session-1',
      resumeUrl: server.url,
      sequence: 200,
      shardCount: 1,
    });
  });

  test('that was saved is resumed at the start, at its own address', async () => {
    const general = { getGatewayBot: async () => gatewayBot('ws://127.0.0.1:1') };
    const store = { session: null as GatewaySession | null };
    const client = await startGateway({
      behaviour: { onResume: (connection) => client.server.emit('RESUMED', {}, connection) },
      options: {
        rest: general,
        shards: { count: 1, ids: [0] },
        sessions: { load: async () => store.session ?? waitForStore() },
      },
    });
    async function waitForStore(): Promise<GatewaySession> {
      await waitFor(() => store.session !== null);
      return store.session as GatewaySession;
    }
    store.session = { ...saved, resumeUrl: client.server.url };
    const resume = await client.server.received(1, 6);
    expect(resume.d).toEqual({ token: 'secret', session_id: 'session-0', seq: 41 });
    await client.hasSeen(1);
    expect(client.told).toEqual(['up', 'RESUMED']);
  });

  test('that was saved under another number of shards is not', async () => {
    const { server } = await startGateway({
      options: { sessions: { load: async () => ({ ...saved, shardCount: 2 }) } },
    });
    await server.received(1, 2);
  });

  test('that cannot be read yet is waited for', async () => {
    let reads = 0;
    const { hasSeen } = await startGateway({
      options: {
        sessions: {
          load: async () => {
            reads += 1;
            if (reads < 3) throw new Error('the database is away');
            return null;
          },
        },
      },
    });
    await hasSeen(1);
    expect(reads).toBe(3);
  });
});

describe('heartbeats', () => {
  test('carry the last sequence, and come at once when asked for', async () => {
    const { server, hasSeen } = await startGateway({ options: { random: () => 0.99 } }); // the regular one comes late
    await hasSeen(1);
    const sequence = server.emit('MESSAGE_CREATE', {});
    await hasSeen(2);
    server.connections[0]?.send({ op: 1, d: null });
    expect((await server.received(1, 1)).d).toBe(sequence);
  });

  test('go on for as long as they are answered', async () => {
    const { server, told } = await startGateway({ behaviour: { heartbeatMs: 200 } });
    await waitFor(() => (server.connections[0]?.received ?? []).filter(({ op }) => op === 1).length >= 5);
    expect(server.connections).toHaveLength(1);
    expect(told).not.toContain('down');
  });
});

describe('several shards', () => {
  test('identify one per key and interval', async () => {
    const limits = { identifyIntervalMs: 2_000 };
    const shards = { count: 4, ids: [0, 1, 2, 3] };
    const { server } = await startGateway({ options: { shards, limits }, maxConcurrency: 2 });
    const identified: { shard: number; at: number }[] = [];
    server.behaviour.onIdentify = (connection) => {
      const identify = connection.received.find(({ op }) => op === 2);
      const [shard = -1] = (identify?.d as { shard?: number[] } | undefined)?.shard ?? [];
      identified.push({ shard, at: performance.now() });
      server.ready(connection);
    };
    await waitFor(() => identified.length === 4);
    for (const key of [0, 1]) {
      const [first, second] = identified.filter(({ shard }) => shard % 2 === key);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_500);
    }
    expect((identified[3]?.at ?? 0) - (identified[0]?.at ?? 0)).toBeLessThan(3_900);
  });

  test('no connection while the day has no session start left', async () => {
    let asked = 0;
    const client = await startGateway({
      options: {
        rest: {
          getGatewayBot: async () => {
            asked += 1;
            return gatewayBot(client.server.url, 1, 0);
          },
        },
      },
    });
    await waitFor(() => asked === 1);
    await delay(200); // several of the short waits
    expect(client.server.connections).toHaveLength(0);
  });
});
