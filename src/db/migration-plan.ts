import { ClipdexError } from '../lib/errors.ts';

export type AppliedMigration = { name: string; checksum: string };

/**
 * Which files are still to be applied, in order. Refuses a database whose history these files do not continue:
 * applied files changed or gone, a database from a newer program, a file that sorts before an applied one.
 */
export function pendingMigrations<File extends AppliedMigration>(
  files: readonly File[],
  applied: readonly AppliedMigration[],
): File[] {
  const newestFile = files.at(-1)?.name ?? '';
  const newestApplied = applied.at(-1)?.name ?? '';
  const fileByName = new Map(files.map((file) => [file.name, file]));
  for (const { name, checksum } of applied) {
    const file = fileByName.get(name);
    if (file && file.checksum !== checksum) throw changed(name);
    if (!file) throw name > newestFile ? newer(name) : missing(name);
  }
  const appliedNames = new Set(applied.map(({ name }) => name));
  const pending = files.filter(({ name }) => !appliedNames.has(name));
  const late = pending.find(({ name }) => name < newestApplied);
  if (late) throw outOfOrder(late.name, newestApplied);
  return pending;
}

const restore = 'Restore the file from this version of Clipdex; changes belong into a new migration.';

const changed = (name: string) =>
  new ClipdexError(
    'migration_changed',
    `Migration ${name} was changed after it had been applied to this database. ${restore}`,
  );

const missing = (name: string) =>
  new ClipdexError(
    'migration_missing',
    `Migration ${name} was applied to this database, but its file is gone. ${restore}`,
  );

const newer = (name: string) =>
  new ClipdexError(
    'database_newer',
    `This database was made by a newer Clipdex (migration ${name}). Update this program, or use another database.`,
  );

const outOfOrder = (name: string, newest: string) =>
  new ClipdexError(
    'migration_out_of_order',
    `Migration ${name} sorts before ${newest}, which is already applied. Give it the next free number.`,
  );
