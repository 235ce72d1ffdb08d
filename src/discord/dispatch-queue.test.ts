import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import type { Clock } from '../lib/clock.ts';
import { type Delivery, DispatchQueue, MAX_QUEUED_BYTES } from './dispatch-queue.ts';

const GATHER_MS = 50;
const MEGABYTE = 1024 * 1024;

/** Time passes only when somebody sleeps. */
function patientClock(): Clock & { slept: number[] } {
  let now = 1_000;
  const slept: number[] = [];
  const monotonic = () => now;
  return {
    slept,
    now: monotonic,
    monotonic,
    async sleep(ms) {
      slept.push(ms);
      now += ms;
    },
  };
}

function aDelivery(sequence: number, sizeBytes = 1_000, sessionId = 's'): Delivery {
  const session = { sessionId, resumeUrl: 'u', sequence, shardCount: 1 };
  const payload = { op: 0, t: 'MESSAGE_CREATE', s: sequence, d: {} } as unknown as GatewayDispatchPayload;
  return { session, payload, sizeBytes };
}

/** A queue whose batches are kept, each by the sequences in it; `release` lets the first delivery end. */
function openQueue(bound?: number) {
  const clock = patientClock();
  const batches: number[][] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const queue = new DispatchQueue({
    async deliver(batch) {
      batches.push(batch.map((delivery) => delivery.session.sequence));
      if (batches.length === 1) await held;
    },
    ...{ clock, gatherMs: GATHER_MS },
    ...(bound === undefined ? {} : { bound }),
  });
  return { queue, clock, batches, release };
}

test('the first goes at once, and what comes meanwhile together, a moment later', async () => {
  const { queue, clock, batches, release } = openQueue();
  queue.push(aDelivery(1));
  await Promise.resolve();
  expect({ batches, slept: clock.slept }).toEqual({ batches: [[1]], slept: [] });
  queue.push(aDelivery(2));
  queue.push(aDelivery(3));
  release();
  await queue.idle();
  expect({ batches, slept: clock.slept }).toEqual({ batches: [[1], [2, 3]], slept: [GATHER_MS] });
});

test('batches are bounded by what is in them, and one that is larger goes alone', async () => {
  const { queue, batches, release } = openQueue();
  queue.push(aDelivery(1));
  await Promise.resolve();
  for (const [sequence, megabytes] of [
    [2, 3],
    [3, 3],
    [4, 9],
    [5, 1],
  ] as const) {
    queue.push(aDelivery(sequence, megabytes * MEGABYTE));
  }
  release();
  await queue.idle();
  expect(batches).toEqual([[1], [2], [3], [4], [5]]);
});

test('what belongs to another session is a batch of its own', async () => {
  const { queue, batches, release } = openQueue();
  queue.push(aDelivery(97));
  await Promise.resolve();
  for (const sequence of [98, 99]) queue.push(aDelivery(sequence));
  for (const sequence of [1, 2]) queue.push(aDelivery(sequence, 1_000, 'next'));
  release();
  await queue.idle();
  expect(batches).toEqual([[97], [98, 99], [1, 2]]);
});

test.each([
  ['number', 3, 1],
  ['size', undefined, MAX_QUEUED_BYTES / 3],
])('is full by %s, and calls back when half is free', async (_, bound, sizeBytes) => {
  const { queue, release } = openQueue(bound);
  queue.push(aDelivery(1));
  await Promise.resolve();
  let isDrained = false;
  for (let sequence = 2; sequence <= 4; sequence += 1) queue.push(aDelivery(sequence, Math.ceil(sizeBytes)));
  queue.onceDrained(() => {
    isDrained = true;
  });
  expect({ isFull: queue.isFull, isDrained }).toEqual({ isFull: true, isDrained: false });
  release();
  await queue.idle();
  expect({ isFull: queue.isFull, isDrained }).toEqual({ isFull: false, isDrained: true });
});

test('what was cleared is not delivered, and takes no room', async () => {
  const { queue, batches, release } = openQueue();
  queue.push(aDelivery(1));
  queue.push(aDelivery(2, MAX_QUEUED_BYTES));
  queue.clear();
  expect(queue.isFull).toBe(false);
  release();
  await queue.idle();
  expect(batches).toEqual([]);
});
