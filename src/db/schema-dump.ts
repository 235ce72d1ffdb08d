/** `npm run schema`: writes migrations/schema.sql from a database that the migrations have just made. */
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../lib/log.ts';
import { migrate } from './migrate.ts';
import { migrationsFolder } from './migration-files.ts';
import { openDatabase } from './open-database.ts';
import { writeSchema } from './schema-text.ts';

const log = createLogger('warn');
const dataDir = join(tmpdir(), `clipdex-schema-${process.pid}`);
const options = { databaseUrl: undefined, dataDir, use: 'command' as const };
const database = await openDatabase(options, log, new AbortController().signal);
await migrate(database.db, log);
await writeFile(join(migrationsFolder, 'schema.sql'), await writeSchema(database.db));
await database.close();
await rm(dataDir, { recursive: true });
