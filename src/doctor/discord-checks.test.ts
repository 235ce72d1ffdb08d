import { expect, test } from 'vitest';
import { checkClock } from './discord-checks.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

test.each([
  ['Sun, 01 Mar 2026 12:00:20 GMT', 'ok', /agrees/],
  ['Sun, 01 Mar 2026 11:50:00 GMT', 'warn', /600 s ahead of/],
  ['Sun, 01 Mar 2026 12:01:00 GMT', 'warn', /60 s behind/],
])('a server that says %s: %s', (date, status, message) => {
  expect(checkClock(date, now)).toMatchObject([{ status, message: expect.stringMatching(message) }]);
});

test.each([null, 'yesterday'])('a server that says %s tells nothing', (date) => {
  expect(checkClock(date, now)).toEqual([]);
});
