import { expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { createLogger } from '../../src/lib/log.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { startClipdex } from '../commands/run-clipdex.ts';
import { createUsedDataDir, findServerPid } from '../support/data-dir.ts';
import { startTestSandbox, untilScanned } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const log = createLogger('fatal');
const RESTARTS = 3;

async function readCount(db: Database): Promise<number> {
  const [row] = await db.query<{ count: string }>(sql`
    select coalesce(sum(messages_scanned), 0) as count from bot_channel_scan_runs`);
  return Number(row?.count);
}

test('a program outlives restarts of PostgreSQL in the middle of its scans, and reads each message once', {
  timeout: 240_000,
}, async () => {
  await using folder = await createUsedDataDir();
  const sandbox = await startTestSandbox(generateWorld(5));
  try {
    await using program = await startClipdex(['start'], {
      DATA_DIR: folder.path,
      DISCORD_BOT_TOKEN: sandbox.token,
      NEW_GUILDS: 'read',
      DISCORD_API_URL: sandbox.apiUrl,
      ROLES: 'gateway,worker',
      LOG_LEVEL: 'fatal',
    });
    await waitFor(async () => (await findServerPid(folder)) !== undefined);
    const signal = new AbortController().signal;
    const { db, close } = await openDatabase(
      { databaseUrl: null, dataDir: folder.path, use: 'command' },
      log,
      signal,
    );
    try {
      for (let restart = 1; restart <= RESTARTS; restart += 1) {
        const before = await readCount(db).catch(() => 0);
        await waitFor(async () => (await readCount(db).catch(() => 0)) > before);
        const pid = await findServerPid(folder);
        process.kill(pid ?? 0, 'SIGINT'); // a fast shutdown, as an administrator's restart
        await waitFor(async () => ![undefined, pid].includes(await findServerPid(folder)));
        await waitFor(() =>
          readCount(db).then(
            () => true,
            () => false,
          ),
        );
      }
      await untilScanned(db, 3);
      expect(program.child.exitCode).toBeNull();
      const [row] = await db.query<{ wrong: number; channels: number }>(sql`
        select
          count(*) filter (where c.message_count <> r.messages_scanned)::int as wrong, count(*)::int as channels
        from bot_channels c join bot_channel_scan_runs r on r.channel_id = c.channel_id`);
      expect(row?.wrong).toBe(0);
      expect(row?.channels).toBeGreaterThan(50);
    } finally {
      await close();
    }
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  } finally {
    await sandbox.close();
  }
});
