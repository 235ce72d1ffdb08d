import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../lib/package-root.ts';

export type MigrationFile = { name: string; text: string; checksum: string };

export const migrationsFolder = join(packageRoot, 'migrations');

const MIGRATION_NAME = /^\d{4}_[a-z0-9_]+\.sql$/;

/** The files NNNN_name.sql of a folder in the order in which they apply; `schema.sql`, their dump, is not one of them. */
export async function readMigrationFiles(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => MIGRATION_NAME.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      // A checkout may turn line ends into CRLF, which changes nothing for PostgreSQL and must not change the checksum.
      const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}
