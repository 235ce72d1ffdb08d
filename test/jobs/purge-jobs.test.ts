import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createApiToken } from '../../src/access/api-tokens.ts';
import { createSession } from '../../src/access/sessions.ts';
import { Database, type Queryable, sql } from '../../src/db/database.ts';
import { upsertGrant } from '../../src/db/discord-grants.ts';
import { createInstallIntent } from '../../src/db/install-intents.ts';
import { takeJobTurn } from '../../src/db/job-queue.ts';
import { takeAllowance } from '../../src/db/rate-limits.ts';
import { ensureUser } from '../../src/db/users.ts';
import { purgeJobs } from '../../src/jobs/purge-jobs.ts';
import { createLogger } from '../../src/lib/log.ts';
import { runClipdex } from '../commands/run-clipdex.ts';
import { newId } from '../db/sample-rows.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { recordLog } from '../support/recorded-log.ts';

const config = { sessionIdleDays: 7, installIntents: { purgeGraceSecs: 300 } };

let database: TestDatabase;
let userId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  userId = newId();
  await ensureUser(database.db, userId);
});

function jobsOn(db: Database) {
  const { log, lines } = recordLog();
  return { ...purgeJobs({ db, log, ...config }), lines };
}

/** Intents that expired so many seconds ago. */
async function addIntents(...ages: number[]): Promise<void> {
  for (const age of ages) {
    const { state } = await createInstallIntent(database.db, { userId, guildId: newId(), ttlSeconds: 600 });
    await database.db.query(sql`
      update install_intents set expires_at = (now() at time zone 'utc') - make_interval(secs => ${age})
      where state = ${state}`);
  }
}

async function countIntents(db: Queryable): Promise<number> {
  return (await db.query(sql`select from install_intents`)).length;
}

describe('purge_install_intents', () => {
  test('deletes what expired before the grace, and says how many', async () => {
    const { purge_install_intents: purge, lines } = jobsOn(database.db);
    await addIntents(-600, 200, 310, 4_000);
    expect(await purge()).toEqual({ intents: 2 });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { count: 2, msg: 'expired install intents purged' },
    ]);
    expect(await purge()).toEqual({ intents: 0 });
    expect(await countIntents(database.db)).toBe(2);
  });

  test('is done by one process at a time; of many at once each intent is counted once', async () => {
    const other = new Database(database.url, createLogger('error'));
    try {
      await other.transaction(async (tx) => {
        expect(await takeJobTurn(tx, 'purge_install_intents')).toBe(true);
        expect(await jobsOn(database.db).purge_install_intents()).toBeNull();
        expect(await jobsOn(database.db).purge_expired_sessions()).not.toBeNull();
      });
      await addIntents(...Array.from({ length: 50 }, () => 1_000));
      const processes = [database.db, other].map(jobsOn);
      const rounds = Array.from({ length: 10 }, (_, index) => processes[index % 2]?.purge_install_intents());
      const counts = (await Promise.all(rounds)).map((report) => report?.intents ?? 0);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(50);
    } finally {
      await other.close();
    }
  });
});

test('purge_expired_sessions deletes what opens nothing any more, and no more than that', async () => {
  const { db } = database;
  const life = { days: 30, idleDays: 7 };
  const [gone, staying] = [newId(), newId()];
  for (const id of [gone, staying]) {
    await ensureUser(db, id);
    const secret = Buffer.from(id);
    await upsertGrant(db, {
      userId: id,
      keyId: 'k',
      accessToken: secret,
      refreshToken: secret,
      expiresInSecs: 1,
    });
  }
  const sessionIds = [];
  for (const owner of [gone, gone, staying]) {
    sessionIds.push((await createSession(db, { userId: owner, userAgent: null, life })).session.id);
  }
  const [ended, idle] = sessionIds;
  await db.query(sql`update sessions set expires_at = now() where id = ${ended}`);
  await db.query(sql`update sessions set last_seen_at = now() - interval '7 days' where id = ${idle}`);
  for (const expiresInDays of [1, 2, null]) {
    await createApiToken(db, gone, { name: 'script', scope: 'read', expiresInDays });
  }
  await db.query(
    sql`update api_tokens set expires_at = now() where expires_at < now() + interval '25 hours'`,
  );
  await takeAllowance(db, { key: 'full again', count: 1, perSecs: 1 });
  await takeAllowance(db, { key: 'used', count: 1, perSecs: 3_600 });
  await db.query(sql`update rate_limits set full_at = full_at - interval '2 seconds'`);

  const { purge_expired_sessions: purge } = jobsOn(db);
  expect(await purge()).toEqual({ sessions: 2, grants: 1, apiTokens: 1, rateLimits: 1 });
  expect(await db.query(sql`select user_id from sessions`)).toEqual([{ user_id: staying }]);
  expect(await db.query(sql`select user_id from discord_grants`)).toEqual([{ user_id: staying }]);
  expect(await db.query(sql`select from api_tokens`)).toHaveLength(2);
  expect(await db.query(sql`select key from rate_limits`)).toEqual([{ key: 'used' }]);
  expect(await purge()).toEqual({ sessions: 0, grants: 0, apiTokens: 0, rateLimits: 0 });
});

describe('clipdex jobs', () => {
  test('run does a job now, with the grace that is set, and tells what it did', async () => {
    await database.db.query(sql`delete from install_intents`);
    await addIntents(1_000, 5_000, 6_000);
    const env = { DATABASE_URL: database.url, INSTALL_INTENT_PURGE_GRACE_SECONDS: '3000' };
    const { code, stdout } = await runClipdex(['jobs', 'run', 'purge_install_intents'], env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'purge_install_intents: intents 2\n' });
    const again = await runClipdex(['jobs', 'run', 'purge_install_intents', '--json'], env);
    expect(JSON.parse(again.stdout)).toEqual({ job: 'purge_install_intents', report: { intents: 0 } });
    expect(await countIntents(database.db)).toBe(1);
  });

  test('run says when another process is at it', async () => {
    await database.db.transaction(async (tx) => {
      await takeJobTurn(tx, 'purge_install_intents');
      const { code, stdout } = await runClipdex(['jobs', 'run', 'purge_install_intents'], {
        DATABASE_URL: database.url,
      });
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: 'purge_install_intents: another process is doing it at this moment.\n',
      });
    });
  });

  test('list tells when each runs, and takes another cron', async () => {
    const env = { INSTALL_INTENT_PURGE_CRON: '5 4 * * 0' };
    const { stdout } = await runClipdex(['jobs', 'list'], env);
    expect(stdout).toMatch(/^purge_install_intents +5 4 \* \* 0 +deletes install intents/m);
    const listed: { name: string }[] = JSON.parse((await runClipdex(['jobs', '--json'])).stdout);
    expect(listed.map(({ name }) => name)).toContain('purge_expired_sessions');
  });

  test.each(['list_unseen_threads', 'revive_scan_runs'])('run does %s, too', async (name) => {
    const { code, stdout } = await runClipdex(['jobs', 'run', name], { DATABASE_URL: database.url });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${name}: \\w+ 0`)),
    });
  });
});
