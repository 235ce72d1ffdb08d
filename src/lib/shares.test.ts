import { expect, test } from 'vitest';
import { Shares } from './shares.ts';

async function isTaken(entered: Promise<boolean>): Promise<boolean | 'waiting'> {
  await Promise.resolve();
  return Promise.race([entered, Promise.resolve('waiting' as const)]);
}

test('of each only so much is done at a time, the rest in order, and no more waits than may', async () => {
  const shares = new Shares({ limit: 2, maxWaiting: 2 });
  const [first, second, third, fourth, fifth] = Array.from({ length: 5 }, () => shares.enter('ada'));
  expect(await first).toBe(true);
  expect(await second).toBe(true);
  expect(await fifth).toBe(false);
  expect(await isTaken(third as Promise<boolean>)).toBe('waiting');
  expect(await shares.enter('bob')).toBe(true);
  shares.leave('bob');
  shares.leave('ada');
  expect(await third).toBe(true);
  expect(await isTaken(fourth as Promise<boolean>)).toBe('waiting');
  shares.leave('ada');
  expect(await fourth).toBe(true);
  shares.leave('ada');
  shares.leave('ada');
  expect(await shares.enter('ada')).toBe(true);
});
