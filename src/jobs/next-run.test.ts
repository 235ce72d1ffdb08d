import { expect, test } from 'vitest';
import { nextRunAt } from './next-run.ts';

const now = '2026-03-01T12:00:30Z'; // a Sunday

test.each([
  ['* * * * *', '2026-03-01T12:01:00.000Z'],
  ['*/30 * * * *', '2026-03-01T12:30:00.000Z'],
  ['0 12 * * *', '2026-03-02T12:00:00.000Z'],
  ['40 3 * * *', '2026-03-02T03:40:00.000Z'],
  ['0 9 * * 1-5', '2026-03-02T09:00:00.000Z'],
  ['0 0 1 * *', '2026-04-01T00:00:00.000Z'],
])('%s is due next at %s', (cron, next) => {
  expect(nextRunAt(cron, Date.parse(now))?.toISOString()).toBe(next);
});

test('what never comes is not looked for without end', () => {
  expect(nextRunAt('0 0 30 2 *', Date.parse(now))).toBeNull();
});
