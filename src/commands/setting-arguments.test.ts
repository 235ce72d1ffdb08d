import { expect, test } from 'vitest';
import { parseAssignments, parseKeys } from './setting-arguments.ts';

test.each<[string, Record<string, unknown>]>([
  ['prefix=!', { prefix: '!' }],
  ['prefix==', { prefix: '=' }],
  ['prefix=5', { prefix: '5' }],
  ['scan_nsfw=true', { scan_nsfw: true }],
  ['scan_nsfw=maybe', { scan_nsfw: 'maybe' }],
  ['video_formats=mp4,webm', { video_formats: ['mp4', 'webm'] }],
  ['video_formats=["mp4"]', { video_formats: ['mp4'] }],
  ['video_formats=[mp4', { video_formats: '[mp4' }],
  ['colour=red', { colour: 'red' }],
])('%s', (text, expected) => {
  expect(parseAssignments([text])).toEqual(expected);
});

test.each(['prefix', '=!', ''])('%j is no assignment', (text) => {
  expect(() => parseAssignments([text])).toThrow(/write <key>=<value>/);
});

test('keys are taken back, unknown ones are named', () => {
  expect(parseKeys(['prefix', 'auto_scan'])).toEqual({ prefix: null, auto_scan: null });
  expect(() => parseKeys(['prefix', 'colour'])).toThrow(/^"colour": no such setting; known are prefix/);
});
