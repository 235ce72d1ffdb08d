import { expect, test } from 'vitest';
import { formatCount, formatDuration, formatReason, formatSize, formatTime } from './format.ts';

test.each([
  [null, '–'],
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [9_960, '10 kB'],
  [999_600, '1.0 MB'],
  [24_500_000, '25 MB'],
  [3e15, '3000 TB'],
])('%s bytes read as %s', (sizeBytes, text) => {
  expect(formatSize(sizeBytes)).toBe(text);
});

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
