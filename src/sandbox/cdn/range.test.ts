import { expect, test } from 'vitest';
import { readRange } from './range.ts';

test.each([
  [undefined, { kind: 'whole' }],
  ['bytes=0-0', { kind: 'part', first: 0, last: 0 }],
  ['bytes=10-', { kind: 'part', first: 10, last: 99 }],
  ['bytes=10-500', { kind: 'part', first: 10, last: 99 }],
  ['bytes=-10', { kind: 'part', first: 90, last: 99 }],
  ['bytes=-500', { kind: 'part', first: 0, last: 99 }],
  ['bytes=-0', { kind: 'unsatisfiable' }],
  ['bytes=100-', { kind: 'unsatisfiable' }],
  ['bytes=5-2', { kind: 'whole' }],
  ['bytes=0-1,5-6', { kind: 'whole' }],
  ['lines=0-1', { kind: 'whole' }],
  ['bytes=-', { kind: 'whole' }],
])('of 100 bytes, %s asks for %o', (header, range) => {
  expect(readRange(header, 100)).toEqual(range);
});
