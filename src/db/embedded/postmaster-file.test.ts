import { expect, test } from 'vitest';
import { parsePostmasterFile } from './postmaster-file.ts';

const lines = [
  '4711',
  '/data/postgres',
  '1795371134',
  '42317',
  '',
  '127.0.0.1',
  ' 1234567   32768',
  'ready   ',
  '',
];

test('a server that takes connections', () => {
  expect(parsePostmasterFile(lines.join('\n'))).toEqual({ pid: 4711, port: 42317, isReady: true });
});

test.each(['starting', 'stopping', 'standby'])('a server that is %s is not ready', (status) => {
  const text = lines.with(7, status.padEnd(8)).join('\n');
  expect(parsePostmasterFile(text)).toEqual({ pid: 4711, port: 42317, isReady: false });
});

test('a server that has only begun has written the first lines', () => {
  expect(parsePostmasterFile('4711\n/data/postgres\n')).toEqual({ pid: 4711, port: 0, isReady: false });
});

test.each(['', '\n', 'x\n', '-4711\n', '0\n'])('%j names no server', (text) => {
  expect(parsePostmasterFile(text)).toBeUndefined();
});
