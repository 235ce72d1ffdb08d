import { expect, test } from 'vitest';
import { ProgressLine } from './output.ts';

test('a terminal gets a bar that is drawn over and over', () => {
  const written: string[] = [];
  const progress = new ProgressLine((text) => written.push(text), true);
  progress.show(null, 'queued', 0);
  progress.show(0.5, '50 %', 10);
  progress.clear();
  expect(written).toEqual([
    `\r\x1b[2K${'░'.repeat(24)} queued`,
    `\r\x1b[2K${'█'.repeat(12)}${'░'.repeat(12)} 50 %`,
    '\r\x1b[2K',
  ]);
});

test('elsewhere a line comes at once, and then each 5 s', () => {
  const written: string[] = [];
  const progress = new ProgressLine((text) => written.push(text), false);
  for (const second of [0, 1, 4.9, 5, 9.9, 10.1]) progress.show(null, `at ${second}`, second * 1000);
  progress.clear();
  expect(written).toEqual(['at 0\n', 'at 5\n', 'at 10.1\n']);
});
