import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { startClipdex } from '../commands/run-clipdex.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startProgram, startTestSandbox, type TestSandbox, untilScanned } from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const KILLS = 20;
const MAX_LIFE_MS = 600; // of each program, counted from its first commit
const LATENCY_MS = 60; // of each answer, so that there is something left to be killed in
const GUILDS = 3;

let undisturbed: TestDatabase;
let killed: TestDatabase;
let sandbox: TestSandbox;

beforeAll(async () => {
  undisturbed = await createTestDatabase();
  killed = await createTestDatabase();
  sandbox = await startTestSandbox(generateWorld(3));
});
afterAll(async () => {
  await sandbox?.close();
  await undisturbed?.close();
  await killed?.close();
});

/** Everything that a scan leaves behind, but for ids and times of its own. */
async function libraryOf(db: Database) {
  const channels = await db.query(sql`
    select c.channel_id, c.is_reading, c.message_count, c.last_message_id, c.last_activity_at, s.scanned::text
    from bot_channels c left join scan_coverage s on s.channel_id = c.channel_id
    order by c.channel_id`);
  const runs = await db.query(sql`
    select r.channel_id, r.after_message_id, r.before_message_id, r.status, r.messages_scanned, r.messages_matched,
      w.requested_by, w.videos_found, w.oldest_message_id, w.reason
    from bot_channel_scan_runs r join scan_run_walks w on w.run_id = r.id
    order by r.channel_id, r.after_message_id nulls first`);
  const videos = await db.query<Record<string, unknown>>(sql`select * from videos order by message_id, id`);
  const authors = await db.query(sql`select * from authors order by id`);
  return {
    channels,
    runs,
    authors,
    videos: videos.map(({ url, proxy_url, url_expires_at, found_at, ...lasting }) => lasting),
  };
}

async function pagesOf(db: Database): Promise<number> {
  const [row] = await db.query<{ pages: string }>(
    sql`select coalesce(sum(pages), 0) as pages from scan_run_walks`,
  );
  return Number(row?.pages);
}

test(`a program killed ${KILLS} times at random points of a scan ends with what one undisturbed run finds`, {
  timeout: 300_000,
}, async () => {
  const program = await startProgram(undisturbed.url, sandbox);
  await untilScanned(undisturbed.db, GUILDS);
  await program.stop();

  const env = {
    DATABASE_URL: killed.url,
    DISCORD_BOT_TOKEN: sandbox.token,
    DISCORD_API_URL: sandbox.apiUrl,
    ROLES: 'gateway,worker',
    LOG_LEVEL: 'error',
  };
  const progress: number[] = [];
  await sandbox.control('latency', { ms: LATENCY_MS });
  for (let kill = 1; kill <= KILLS; kill += 1) {
    // Few at a time, so that there is something left to be killed in.
    await using victim = await startClipdex(['start'], { ...env, WORKER_CONCURRENCY: '2' });
    const before = await pagesOf(killed.db);
    await waitFor(async () => (await pagesOf(killed.db)) > before);
    await delay(Math.random() * MAX_LIFE_MS);
    victim.child.kill('SIGKILL');
    await victim.exited;
    progress.push(await pagesOf(killed.db));
  }
  // Each was killed in the middle of the work.
  expect(progress.every((pages, i) => i === 0 || pages > (progress[i - 1] ?? 0))).toBe(true);

  await sandbox.control('latency', { ms: 0 });
  const last = await startProgram(killed.url, sandbox);
  await untilScanned(killed.db, GUILDS);
  await last.stop();
  expect(progress.at(-1)).toBeLessThan(await pagesOf(killed.db));
  expect(await libraryOf(killed.db)).toEqual(await libraryOf(undisturbed.db));
});
