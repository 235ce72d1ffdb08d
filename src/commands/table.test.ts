import { expect, test } from 'vitest';
import { type Column, formatTable } from './table.ts';

type Row = { name: string; size: string };
const columns: Column<Row>[] = [
  { title: 'name', value: (row) => row.name },
  { title: 'size', value: (row) => row.size, isNumber: true },
];

test('columns are aligned, numbers to the right', () => {
  const rows = [
    { name: 'a.mp4', size: '9 MB' },
    { name: 'holiday.webm', size: '120 kB' },
  ];
  expect(formatTable(columns, rows)).toBe(
    ['name            size', 'a.mp4           9 MB', 'holiday.webm  120 kB'].join('\n'),
  );
});

test('wide characters take two columns', () => {
  const rows = [
    { name: '🎬.mp4', size: '1' },
    { name: '動画.mp4', size: '2' },
  ];
  expect(formatTable(columns, rows).split('\n').slice(1)).toEqual(['🎬.mp4       1', '動画.mp4     2']);
});

test('what Discord sends cannot move the cursor, break the line or turn the text around', () => {
  const rows = [{ name: '\x1b[31mred\x1b[0m\nnext\u202egpj.exe', size: '1' }];
  expect(formatTable(columns, rows).split('\n')[1]).toBe('red next gpj.exe     1');
});

test('an empty list has its titles', () => {
  expect(formatTable(columns, [])).toBe('name  size');
});
