import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raw, type Sql, type Transaction } from '../../src/db/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { statementCalls } from './statement-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** The texts of all statements that the call sends when each is answered with no rows. */
async function recordStatements(call: (db: Transaction) => Promise<unknown>[]): Promise<Set<string>> {
  const texts = new Set<string>();
  const recording: Transaction = {
    transaction: true,
    async query(statement: Sql) {
      texts.add(statement.text);
      return [];
    },
  };
  await Promise.allSettled(call(recording)); // some rightly refuse to go on without an answer
  return texts;
}

test.each(Object.entries(statementCalls))('what %s sends fits the migrated schema', async (_name, call) => {
  const texts = await recordStatements(call);
  expect(texts.size).toBeGreaterThan(0);
  await database.db.transaction(async (tx) => {
    for (const text of texts) {
      await tx.query(raw(`prepare checked as ${text}`));
      await tx.query(raw('deallocate checked'));
    }
  });
});

const queryFunction = /^export (?:async )?function (\w+)(?:<[^>]*>)?\(\s*(?:db|tx|connection): /gm;
const withoutStatements = ['migrate']; // sends the migration files themselves; every test database is its proof

test('no function of src/db that sends statements is missing in statement-calls.ts', async () => {
  const names = (await readdir('src/db')).filter((name) => name.endsWith('.ts'));
  const sources = await Promise.all(names.map((name) => readFile(`src/db/${name}`, 'utf8')));
  const functions = sources.flatMap((text) =>
    Array.from(text.matchAll(queryFunction), ([, name = '']) => name),
  );
  const checked = new Set([...Object.keys(statementCalls), ...withoutStatements]);
  expect(functions.filter((name) => !checked.has(name))).toEqual([]);
});
