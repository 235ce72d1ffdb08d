import { expect, test } from 'vitest';
import { type Priority, TurnQueue } from './turn-queue.ts';

const never = new AbortController().signal;

/** Asks for turns in this order and returns the order in which they were had, each ended before the next. */
async function orderOf(asked: [name: string, priority: Priority][]): Promise<string[]> {
  const queue = new TurnQueue();
  const endFirst = await queue.take('background', never);
  const order: string[] = [];
  const turns = asked.map(async ([name, priority]) => {
    const end = await queue.take(priority, never);
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
  expect(queue.isIdle).toBe(true);
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
  expect(queue.isIdle).toBe(true);
  await expect(queue.take('background', abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
