import { expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { createTestDatabase } from '../support/database.ts';
import { startProgram, startTestSandbox } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const MAX_STOP_MS = 8_000; // four pass by design, five are promised; the rest is for a busy machine

async function waitingStatements(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like '%bot_channel_scan_runs%'`);
  return row?.count ?? 0;
}

test('the program ends within 5 s although the database answers none of its statements', async () => {
  await using database = await createTestDatabase();
  const sandbox = await startTestSandbox(generateWorld(9));
  const program = await startProgram(database.url, sandbox);
  await waitFor(async () => {
    const [run] = await database.db.query(
      sql`select from bot_channel_scan_runs where status = 'running' limit 1`,
    );
    return run !== undefined;
  });
  await database.db.transaction(async (tx) => {
    await tx.query(sql`lock table bot_channel_scan_runs in access exclusive mode`);
    await waitFor(async () => (await waitingStatements(database.db)) > 0);
    const askedAt = performance.now();
    await program.stop();
    expect(performance.now() - askedAt).toBeLessThan(MAX_STOP_MS);
  });
  await sandbox.close();
});
