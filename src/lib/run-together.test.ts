import { expect, test } from 'vitest';
import { runTogether, untilAborted } from './run-together.ts';

test('the first failure stops the others and is thrown when they have stopped', async () => {
  const stopped: string[] = [];
  const patient = async (signal: AbortSignal) => {
    await untilAborted(signal);
    stopped.push('patient');
    throw new Error('late');
  };
  const failing = async () => {
    throw new Error('first');
  };
  await expect(runTogether(new AbortController().signal, [patient, failing])).rejects.toThrow('first');
  expect(stopped).toEqual(['patient']);
});

test('an abort from outside ends all parts without an error', async () => {
  const outside = new AbortController();
  const running = runTogether(outside.signal, [
    untilAborted,
    async (signal) => {
      await untilAborted(signal);
      signal.throwIfAborted();
    },
  ]);
  outside.abort();
  await running;
});
