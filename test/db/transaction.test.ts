import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('a transaction that throws leaves nothing behind', async () => {
  const { db } = database;
  const work = db.transaction(async (tx) => {
    await tx.query(sql`insert into users (discord_user_id) values ('1')`);
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await db.query(sql`select * from users`)).toEqual([]);
});
