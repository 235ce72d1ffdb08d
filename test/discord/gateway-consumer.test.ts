import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { shortLimits, startGateway } from './gateway-client.ts';
import type { Behaviour } from './scripted-gateway.ts';

describe('the consumer', () => {
  test('handles one batch at a time, in order, however long each takes', async () => {
    const handled: number[] = [];
    let atOnce = 0;
    const { server } = await startGateway({
      options: {
        onEvents: async (_, events, session) => {
          atOnce += 1;
          expect(atOnce).toBe(1);
          await delay(session.sequence % 3);
          handled.push(...events.map((event) => event.s));
          expect(session.sequence).toBe(handled.at(-1));
          atOnce -= 1;
        },
      },
    });
    await server.received(1, 2);
    for (let n = 2; n <= 50; n += 1) server.emit('MESSAGE_CREATE', {});
    await waitFor(() => handled.length === 50);
    expect(handled).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  });

  test('learns of answered heartbeats behind the events that came before, and when they were sent', async () => {
    const told: (number | 'heartbeat')[] = [];
    const { server } = await startGateway({
      behaviour: { heartbeatMs: 300 },
      options: {
        onEvents: async (_, events, session, heartbeatAt) => {
          told.push(...events.map((event) => event.s));
          if (heartbeatAt === null) return;
          told.push('heartbeat');
          expect(session.sequence).toBe(told.findLast((one) => one !== 'heartbeat'));
          expect(heartbeatAt).toBeLessThanOrEqual(performance.now());
          expect(heartbeatAt).toBeGreaterThan(performance.now() - 5_000);
        },
      },
    });
    await server.received(1, 2);
    server.emit('MESSAGE_CREATE', {});
    await waitFor(() => told.includes(2) && told.at(-1) === 'heartbeat');
  });

  test('that fails on events gets the next', async () => {
    const handled: number[] = [];
    const { server } = await startGateway({
      options: {
        onEvents: async (_, [event]) => {
          handled.push(event?.s ?? 0);
          if (event?.t === 'MESSAGE_CREATE') throw new Error('cannot');
        },
      },
    });
    await server.received(1, 2);
    server.emit('MESSAGE_CREATE', {});
    await waitFor(() => handled.includes(2));
    server.emit('MESSAGE_DELETE', {});
    await waitFor(() => handled.includes(3));
  });

  test('that is too slow holds Discord back: the socket is not read beyond the bound, and nothing is lost', async () => {
    const gate = { open: () => {} };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    const handled: number[] = [];
    const client = await startGateway({
      behaviour: { heartbeatMs: 300 },
      options: {
        isCompressed: false,
        limits: { queuedDispatches: 10 },
        onEvents: async (_, events) => {
          await opened;
          handled.push(...events.map((event) => event.s));
        },
      },
    });
    await client.server.received(1, 2);
    const text = 'x'.repeat(64 * 1024);
    for (let n = 2; n <= 500; n += 1) client.server.emit('MESSAGE_CREATE', { text });
    const socket = client.server.connections[0]?.socket;
    // 32 MB were posted; what the network does not take stays with the server.
    await waitFor(() => (socket?.bufferedAmount ?? 0) > 1_000_000);
    const beats = () => client.server.connections[0]?.received.filter(({ op }) => op === 1).length ?? 0;
    const before = beats();
    await waitFor(() => beats() >= before + 4);
    expect(socket?.bufferedAmount).toBeGreaterThan(1_000_000);
    gate.open();
    await waitFor(() => handled.length === 500);
    expect(handled).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
    expect(client.server.connections).toHaveLength(1);
  });
});

describe('a consumer that takes nothing for longer than Discord may be silent', () => {
  const limits = {
    queuedDispatches: 10,
    readyTimeoutMs: 500,
  };

  /** Handles READY, and has begun with a message that it ends with when the gate is open. */
  async function startGated(behaviour: Partial<Behaviour> = {}) {
    const gate = { isReached: false, open: () => {} };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    const handled: number[] = [];
    const client = await startGateway({
      behaviour,
      options: {
        isCompressed: false,
        limits,
        onEvents: async (_, events, session) => {
          gate.isReached = session.sequence > 1;
          if (gate.isReached) await opened;
          handled.push(...events.map((event) => event.s));
        },
      },
    });
    await waitFor(() => handled.length === 1);
    client.server.emit('MESSAGE_CREATE', {});
    await waitFor(() => gate.isReached);
    return { ...client, handled, gate };
  }
  const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

  test('does not cut off the replay after RESUME', async () => {
    const { server, handled, gate } = await startGated();
    server.connections[0]?.socket.terminate();
    const text = 'x'.repeat(16 * 1024);
    for (let n = 3; n <= 60; n += 1) server.emit('MESSAGE_CREATE', { text });
    await server.received(2, 6);
    await delay(3 * limits.readyTimeoutMs);
    expect(server.connections).toHaveLength(2);
    gate.open();
    await waitFor(() => handled.length === 61); // with RESUMED
    expect(handled).toEqual(upTo(61));
    expect(server.connections).toHaveLength(2);
  });

  test('is not sent more by a new connection', async () => {
    const { server, gate, told } = await startGated({ heartbeatMs: 300 });
    const text = 'x'.repeat(64 * 1024);
    for (let n = 3; n <= 300; n += 1) server.emit('MESSAGE_CREATE', { text });
    const socket = server.connections[0]?.socket;
    // Full: nothing is read any more of what the network does not hold.
    await waitFor(async () => {
      const before = socket?.bufferedAmount;
      await delay(200);
      return before !== 0 && socket?.bufferedAmount === before;
    });
    socket?.terminate();
    await waitFor(() => told.includes('down'));
    await delay(5 * shortLimits.reconnectMaxMs);
    expect(server.connections).toHaveLength(1);
    gate.open();
    await server.received(2, 6);
  });
});

describe('close', () => {
  test('leaves a session that can be resumed', async () => {
    const client = await startGateway();
    const { gateway, server } = client;
    await client.hasSeen(1);
    await gateway.close();
    await waitFor(() => server.connections[0]?.closeCode !== null);
    expect(server.connections[0]?.closeCode).toBe(4200);
    expect(client.session).toMatchObject({ sessionId: 'session-1', sequence: 1 });
  });

  test('does not wait for a peer that answers no more', async () => {
    const { gateway, server, hasSeen } = await startGateway();
    await hasSeen(1);
    server.connections[0]?.socket.pause();
    const startedAt = performance.now();
    await gateway.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('during an outage stops the attempts', async () => {
    const downs: number[] = [];
    const { gateway, server, hasSeen } = await startGateway({
      options: { onDown: () => downs.push(1) },
    });
    await hasSeen(1);
    await server.goAway();
    await waitFor(() => downs.length >= 2);
    await gateway.close();
    await server.comeBack();
    await delay(250); // several of the short waits: it must not come back
    expect(server.connections).toHaveLength(1);
  });

  test('waits for the events being handled, and hands over none after them', async () => {
    const handled: number[] = [];
    const begun = { at: 0 };
    const { gateway, server } = await startGateway({
      options: {
        onEvents: async (_, events, session) => {
          begun.at = session.sequence;
          await delay(100);
          handled.push(...events.map((event) => event.s));
        },
      },
    });
    await server.received(1, 2);
    await waitFor(() => begun.at === 1);
    for (let n = 2; n <= 20; n += 1) server.emit('MESSAGE_CREATE', {});
    await gateway.close();
    expect(handled).toEqual([1]);
    await delay(150);
    expect(handled).toEqual([1]);
  });

  test('ends within its deadline though an event is never done', async () => {
    const { gateway, server } = await startGateway({ options: { onEvents: () => new Promise(() => {}) } });
    await server.received(1, 2);
    const startedAt = performance.now();
    await gateway.close();
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('the signal of the program does the same', async () => {
    const stop = new AbortController();
    const { server, hasSeen } = await startGateway({ options: { signal: stop.signal } });
    await hasSeen(1);
    stop.abort();
    await waitFor(() => server.connections[0]?.closeCode === 4200);
  });
});
