import { getEventListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { rejectWhenAborted, withDeadline } from './deadline.ts';

const untilStopped = (signal: AbortSignal) => delay(5_000, undefined, { signal });

test('work that ends in time is answered, and nothing stays on the signal or the clock', async () => {
  const life = new AbortController();
  const inner: AbortSignal[] = [];
  const work = async (signal: AbortSignal) => {
    inner.push(signal);
    return 'done';
  };
  expect(await withDeadline(20, life.signal, work)).toBe('done');
  expect(getEventListeners(life.signal, 'abort')).toHaveLength(0);
  await delay(40);
  expect(inner[0]?.aborted).toBe(false);
});

test('work that fails in time fails as it does', async () => {
  const work = () => Promise.reject(new Error('broken'));
  await expect(withDeadline(1_000, undefined, work)).rejects.toThrow('broken');
});

test('the deadline holds under garbage collection', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const life = new AbortController();
  const outcomes = Promise.allSettled([
    withDeadline(60, life.signal, untilStopped),
    withDeadline(60, undefined, rejectWhenAborted),
  ]);
  for (let round = 0; round < 5; round += 1) {
    collectGarbage();
    await delay(5);
  }
  const ended = { status: 'rejected', reason: { name: 'TimeoutError' } };
  expect(await outcomes).toMatchObject([ended, ended]);
});

test('an abort ends the wait for its reason, also one from before', async () => {
  const life = new AbortController();
  const waiting = withDeadline(5_000, life.signal, untilStopped);
  life.abort(new Error('the program stops'));
  await expect(waiting).rejects.toThrow('the program stops');
  await expect(withDeadline(5_000, life.signal, untilStopped)).rejects.toThrow('the program stops');
});
