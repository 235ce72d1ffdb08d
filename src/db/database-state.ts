import { type Queryable, sql } from './database.ts';
import { migrationsFolder, readMigrationFiles } from './migration-files.ts';

/** What `doctor` tells of a database. Nothing here writes. */
export type DatabaseState = {
  /** As the server writes it: `18.1`. */
  version: string;
  /** Names of our migrations that are still to come. */
  pendingMigrations: string[];
};

export async function readDatabaseState(db: Queryable): Promise<DatabaseState> {
  const [facts] = await db.query<{ version: string; is_new: boolean }>(sql`
    select current_setting('server_version') as version, to_regclass('clipdex_migrations') is null as is_new`);
  const applied = facts?.is_new
    ? []
    : await db.query<{ name: string }>(sql`select name from clipdex_migrations`);
  const names = new Set(applied.map(({ name }) => name));
  const files = await readMigrationFiles(migrationsFolder);
  return {
    version: facts?.version ?? 'unknown',
    pendingMigrations: files.map((file) => file.name).filter((name) => !names.has(name)),
  };
}

/** Resolves when the database answers. */
export async function pingDatabase(db: Queryable): Promise<void> {
  await db.query(sql`select`);
}
