import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { startGateway } from './gateway-client.ts';

describe('the consumer', () => {
  test('handles one event at a time, in order, however long each takes', async () => {
    const handled: number[] = [];
    let atOnce = 0;
    const { server } = await startGateway({
      options: {
        onDispatch: async (_, __, sequence) => {
          atOnce += 1;
          expect(atOnce).toBe(1);
          await delay(sequence % 3);
          handled.push(sequence);
          atOnce -= 1;
        },
      },
    });
    await server.received(1, 2);
    for (let n = 2; n <= 50; n += 1) server.emit('MESSAGE_CREATE', {});
    await waitFor(() => handled.length === 50);
    expect(handled).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  });

  test('that fails on an event gets the next', async () => {
    const handled: number[] = [];
    const { server } = await startGateway({
      options: {
        onDispatch: async (_, event, sequence) => {
          if (event.t === 'MESSAGE_CREATE') throw new Error('cannot');
          handled.push(sequence);
        },
      },
    });
    await server.received(1, 2);
    server.emit('MESSAGE_CREATE', {});
    server.emit('MESSAGE_DELETE', {});
    await waitFor(() => handled.length === 2);
    expect(handled).toEqual([1, 3]);
  });

  test('that is too slow holds Discord back: the socket is not read beyond the bound, and nothing is lost', async () => {
    const gate = { open: () => {} };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    const handled: number[] = [];
    const client = await startGateway({
      behaviour: { heartbeatMs: 30 },
      options: {
        isCompressed: false,
        limits: { queuedDispatches: 10 },
        onDispatch: async (_, __, sequence) => {
          await opened;
          handled.push(sequence);
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

describe('close', () => {
  test('leaves a session that can be resumed', async () => {
    const { gateway, server, hasSeen } = await startGateway();
    await hasSeen(1);
    await gateway.close();
    await waitFor(() => server.connections[0]?.closeCode !== null);
    expect(server.connections[0]?.closeCode).toBe(4200);
    expect(gateway.session(0)).toMatchObject({ sessionId: 'session-1', sequence: 1 });
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

  test('waits for the event being handled, and hands over none after it', async () => {
    const handled: number[] = [];
    const begun = { at: 0 };
    const { gateway, server } = await startGateway({
      options: {
        onDispatch: async (_, __, sequence) => {
          begun.at = sequence;
          await delay(100);
          handled.push(sequence);
        },
      },
    });
    await server.received(1, 2);
    for (let n = 2; n <= 20; n += 1) server.emit('MESSAGE_CREATE', {});
    await waitFor(() => begun.at === 1);
    await gateway.close();
    expect(handled).toEqual([1]);
    await delay(150);
    expect(handled).toEqual([1]);
  });

  test('ends within its deadline though an event is never done', async () => {
    const { gateway, server } = await startGateway({ options: { onDispatch: () => new Promise(() => {}) } });
    await server.received(1, 2);
    const startedAt = performance.now();
    await gateway.close();
    expect(performance.now() - startedAt).toBeLessThan(2_500);
  });

  test('the signal of the program does the same', async () => {
    const stop = new AbortController();
    const { server, hasSeen } = await startGateway({ options: { signal: stop.signal } });
    await hasSeen(1);
    stop.abort();
    await waitFor(() => server.connections[0]?.closeCode === 4200);
  });
});
