import { expect, test } from 'vitest';
import { formatCount, formatDuration, formatEta, formatRate, formatReason, formatTime } from './format.ts';

test('times are told in the zone of the reader', () => {
  expect(formatTime(new Date(2026, 2, 1, 18, 4, 59).toISOString())).toBe('2026-03-01 18:04');
  expect(formatTime(null)).toBe('–');
});

test('counters beyond what a number holds keep their digits', () => {
  expect(formatCount('9007199254740993')).toBe('9,007,199,254,740,993');
});

test('durations are minutes and seconds', () => {
  expect(formatDuration(59.6)).toBe('1:00');
  expect(formatDuration(3_725)).toBe('62:05');
});

test.each([
  ['no_history_permission: the bot cannot read: give it more', 'The bot cannot read: give it more'],
  ['The bot has left the guild', 'The bot has left the guild'],
  [null, ''],
])('the reason of a run, %j, reads as %j', (errorMessage, sentence) => {
  expect(formatReason(errorMessage)).toBe(sentence);
});

test.each([
  [0, 'less than a minute'],
  [29, 'less than a minute'],
  [250, 'about 4 min'],
  [3_600, 'about 1 h'],
  [7_900, 'about 2 h 10 min'],
  [40_000, 'about 11 h'],
  [260_000, 'about 3 days'],
])('%s seconds are %s', (secs, text) => {
  expect(formatEta(secs)).toBe(text);
});

test.each([
  [0, '0/s'],
  [0.42, '0.4/s'],
  [95.4, '95/s'],
  [12_345, '12,345/s'],
])('%s messages a second are %s', (perSecond, text) => {
  expect(formatRate(perSecond)).toBe(text);
});
