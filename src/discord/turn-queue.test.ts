import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import { type Priority, TurnQueue } from './turn-queue.ts';

const never = new AbortController().signal;
setMaxListeners(0, never); // many wait with it

/** Asks for turns in this order and returns the order in which they were had, each ended before the next. */
async function orderOf(asked: [name: string, priority: Priority, share?: string][]): Promise<string[]> {
  const queue = new TurnQueue();
  const endFirst = await queue.take('background', never);
  const order: string[] = [];
  const turns = asked.map(async ([name, priority, share]) => {
    const end = await queue.take(priority, never, share);
    order.push(name);
    end();
  });
  endFirst();
  await Promise.all(turns);
  return order;
}

test('the order of asking, interactive first', async () => {
  const order = await orderOf([
    ['a', 'background'],
    ['b', 'background'],
    ['c', 'interactive'],
    ['d', 'interactive'],
  ]);
  expect(order).toEqual(['c', 'd', 'a', 'b']);
});

test('shares in turn, within a share the order of asking', async () => {
  const order = await orderOf([
    ['a1', 'background', 'a'],
    ['a2', 'background', 'a'],
    ['a3', 'background', 'a'],
    ['b1', 'background', 'b'],
    ['c1', 'interactive', 'c'],
    ['b2', 'background', 'b'],
  ]);
  expect(order).toEqual(['c1', 'a1', 'b1', 'a2', 'b2', 'a3']);
});

test('one at a time', async () => {
  const queue = new TurnQueue();
  let atOnce = 0;
  const turn = async () => {
    const end = await queue.take('background', never);
    atOnce += 1;
    expect(atOnce).toBe(1);
    await Promise.resolve();
    atOnce -= 1;
    end();
  };
  await Promise.all(Array.from({ length: 20 }, turn));
  expect(atOnce).toBe(0);
});

test('who gives up waiting is passed over', async () => {
  const queue = new TurnQueue();
  const abort = new AbortController();
  const end = await queue.take('background', never);
  const quitter = queue.take('interactive', abort.signal);
  const next = queue.take('background', never);
  abort.abort();
  await expect(quitter).rejects.toMatchObject({ name: 'AbortError' });
  end();
  (await next)();
  await expect(queue.take('background', abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
