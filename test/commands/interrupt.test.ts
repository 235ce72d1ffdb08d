import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { spawnTypescript } from '../support/spawn-typescript.ts';

test('an interruption told twice is one; a later one ends a program that hangs', async () => {
  await using hanging = spawnTypescript('test/commands/stubborn-process.ts', []);
  expect(await hanging.nextLine()).toEqual({ event: 'started' });
  hanging.child.kill('SIGINT');
  expect(await hanging.nextLine()).toEqual({ event: 'aborted' });
  expect(await hanging.nextLine()).toEqual({ event: 'signal' });
  hanging.child.kill('SIGINT');
  expect(await hanging.nextLine()).toEqual({ event: 'signal' });

  await delay(2_100); // the time within which a repeated signal is the same interruption
  hanging.child.kill('SIGHUP');
  await hanging.exited;
  expect(hanging.child.signalCode).toBe('SIGHUP');
});
