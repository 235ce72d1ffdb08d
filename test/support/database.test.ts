import { expect, test } from 'vitest';
import { Database, sql } from '../../src/db/database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createTestDatabase } from './database.ts';

test('a pool that a test forgets to close fails it', async () => {
  const database = await createTestDatabase();
  const forgotten = new Database(database.url, createLogger('silent'));
  await forgotten.query(sql`select 1`);
  await expect(database.close()).rejects.toThrow('left connections to its database open');
  await forgotten.close();
});
