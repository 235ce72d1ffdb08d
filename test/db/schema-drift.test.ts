import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { raw } from '../../src/db/database.ts';
import { migrationsFolder } from '../../src/db/migration-files.ts';
import { writeSchema } from '../../src/db/schema-text.ts';
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts';

const committed = await readFile(join(migrationsFolder, 'schema.sql'), 'utf8');

test('schema.sql is what the migrations make (otherwise: npm run schema)', async () => {
  await using migrated = await createTestDatabase();
  expect(await writeSchema(migrated.db)).toBe(committed);
});

test('schema.sql makes the same schema when it is run', async () => {
  await using empty = await createEmptyDatabase();
  await empty.db.query(raw(committed));
  expect(await writeSchema(empty.db)).toBe(committed);
});
