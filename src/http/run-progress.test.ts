import { expect, test } from 'vitest';
import { runProgress } from './run-progress.ts';

const day = (number: number) => new Date(Date.UTC(2026, 0, number));
const run = { status: 'running', wanted_from: day(1), wanted_to: day(11) };

test.each([
  ['nothing before the first page', { ...run, reached_at: null }, null],
  ['a tenth', { ...run, reached_at: day(10) }, 0.1],
  ['never below nothing', { ...run, reached_at: day(12) }, 0],
  ['never beyond all', { ...run, reached_at: new Date(0) }, 1],
  ['all when it succeeded, even without a page', { ...run, status: 'succeeded', reached_at: null }, 1],
  ['all of an empty span', { ...run, wanted_to: day(1), reached_at: day(1) }, 1],
])('%s', (_, given, expected) => {
  expect(runProgress(given)).toBe(expected);
});
