import { expect, test } from 'vitest';
import { sideBySide } from './side-by-side.ts';

test('no more at a time than the limit, answers in order', async () => {
  let running = 0;
  let most = 0;
  const answers = await sideBySide([5, 1, 4, 2, 3], 2, async (item) => {
    running += 1;
    most = Math.max(most, running);
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    running -= 1;
    return item * 10;
  });
  expect(answers).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
  expect(await sideBySide([], 2, async (item) => item)).toEqual([]);
});

test('what fails, fails the whole', async () => {
  const failing = sideBySide([1, 2], 1, async (item) => {
    if (item === 1) throw new Error('no');
    return item;
  });
  await expect(failing).rejects.toThrow('no');
});
