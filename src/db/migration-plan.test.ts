import { expect, test } from 'vitest';
import { pendingMigrations } from './migration-plan.ts';

const one = { name: '0001_one.sql', checksum: 'a' };
const two = { name: '0002_two.sql', checksum: 'b' };
const three = { name: '0003_three.sql', checksum: 'c' };

test('what is not applied yet is pending, in order', () => {
  expect(pendingMigrations([one, two, three], [])).toEqual([one, two, three]);
  expect(pendingMigrations([one, two, three], [one])).toEqual([two, three]);
  expect(pendingMigrations([one, two], [one, two])).toEqual([]);
  expect(pendingMigrations([], [])).toEqual([]);
});

test.each([
  ['an applied file that was changed', [one, { ...two, checksum: 'x' }], [one, two], 'migration_changed'],
  ['an applied file that is gone', [one, three], [one, two, three], 'migration_missing'],
  ['a database from a newer program', [one, two], [one, two, three], 'database_newer'],
  ['a new file that sorts before an applied one', [one, two, three], [one, three], 'migration_out_of_order'],
])('%s is refused', (_case, files, applied, code) => {
  expect(() => pendingMigrations(files, applied)).toThrow(expect.objectContaining({ code }));
});
