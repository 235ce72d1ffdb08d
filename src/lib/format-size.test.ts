import { expect, test } from 'vitest';
import { formatSize } from './format-size.ts';

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
