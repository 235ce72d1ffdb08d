import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { linkSignals } from './linked-signal.ts';

test('aborts with the first of its signals, for its reason', () => {
  const first = new AbortController();
  const second = new AbortController();
  const { controller } = linkSignals(first.signal, undefined, second.signal);
  expect(controller.signal.aborted).toBe(false);
  second.abort('because');
  first.abort('later');
  expect(controller.signal.reason).toBe('because');
});

test('is aborted at once when one of them is', () => {
  expect(linkSignals(AbortSignal.abort('before')).controller.signal.reason).toBe('before');
});

test('leaves nothing behind on a signal that lives on', () => {
  const program = new AbortController();
  for (let n = 0; n < 100; n += 1) linkSignals(program.signal).unlink();
  expect(getEventListeners(program.signal, 'abort')).toHaveLength(0);
});
