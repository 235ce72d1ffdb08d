import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChannelsToScan } from '../../src/db/channels-to-scan.ts';
import { type Queryable, sql } from '../../src/db/database.ts';
import { markGuildDeparted } from '../../src/db/guild-departures.ts';
import { mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { addChannel, addGuild, addRun } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function addScannedChannel(guildId: string, scannedAt: string): Promise<string> {
  const { db } = database;
  const id = await addChannel(db, { guildId });
  await db.query(sql`update bot_channels set last_scanned_at = ${scannedAt} where channel_id = ${id}`);
  return id;
}

test('those never scanned come first, then those scanned the longest ago, up to the limit', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const newer = await addScannedChannel(guildId, '2024-02-01');
  const older = await addScannedChannel(guildId, '2024-01-01');
  const [never, neverEither] = [await addChannel(db, { guildId }), await addChannel(db, { guildId })];
  const order = [never, neverEither, older, newer];
  for (const limit of [1, 2, 3, 4, 50]) {
    expect(await findChannelsToScan(db, guildId, limit)).toEqual(order.slice(0, limit));
  }
});

test('what is not read, holds no messages, is being scanned or may not be shown is left out', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const open = await addChannel(db, { guildId });
  await addChannel(db, { guildId, isReading: false });
  await addChannel(db, { guildId, type: 'forum' });
  await addRun(db, await addChannel(db, { guildId }));
  const restricted = await addChannel(db, { guildId, isNsfw: true });
  await addChannel(db, { guildId, type: 'public_thread', parentId: open });
  await addChannel(db);
  expect(await findChannelsToScan(db, guildId, 50)).toEqual([open]);
  await mergeGuildSettings(db, guildId, { scan_nsfw: true });
  expect(await findChannelsToScan(db, guildId, 50)).toEqual([open, restricted]);
  await markGuildDeparted(db, guildId);
  expect(await findChannelsToScan(db, guildId, 50)).toEqual([]);
});

test('what was closed to the bot within the last ten minutes is left out', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  const run = await addRun(db, channelId);
  const end = (reason: string, minutesAgo: number) =>
    db.query(sql`
      with walk as (update scan_run_walks set reason = ${reason} where run_id = ${run.id})
      update bot_channel_scan_runs set status = 'failed', started_at = now() - interval '1 hour',
        finished_at = now() - make_interval(mins => ${minutesAgo})
      where id = ${run.id}`);
  for (const reason of ['missing_access', 'no_history_permission']) {
    await end(reason, 9);
    expect(await findChannelsToScan(db, guildId, 9)).toEqual([]);
    await end(reason, 11);
    expect(await findChannelsToScan(db, guildId, 9)).toEqual([channelId]);
  }
  await end('internal', 0);
  expect(await findChannelsToScan(db, guildId, 9)).toEqual([channelId]);
});

test('the work index answers, in its own order, in a big table', async () => {
  const { db } = database;
  await db.query(
    sql`insert into bot_guilds (guild_id, name) select g::text, 'g' from generate_series(1, 20) g`,
  );
  await db.query(sql`
    insert into bot_channels (channel_id, guild_id, type, is_reading, last_scanned_at)
    select
      (g * 100000 + c)::text, g::text, 'text', c % 10 > 0,
      case when c % 3 > 0 then '2024-01-01'::timestamptz + make_interval(secs => c) end
    from generate_series(1, 20) g, generate_series(1, 3000) c`);
  await db.query(sql`analyze bot_channels`);

  const plans: unknown[] = [];
  const explaining: Queryable = {
    async query(statement) {
      plans.push(await db.query(sql`explain (format json) ${statement}`));
      return db.query(statement);
    },
  };
  expect(await findChannelsToScan(explaining, '7', 20)).toHaveLength(20);
  const scans = [...JSON.stringify(plans).matchAll(/"Index Name":"(\w+)"[^{}]*?"Index Cond":"([^"]*)"/g)];
  const workScans = scans.filter(([, index]) => index === 'idx_bot_channels_work');
  expect(workScans).toHaveLength(2);
  for (const [, , condition] of workScans) expect(condition).toMatch(/guild_id.*is_reading.*last_scanned_at/);
  const sorts = [...JSON.stringify(plans).matchAll(/"Node Type":"(Incremental )?Sort"/g)];
  expect(sorts.length).toBeLessThanOrEqual(1); // of what both halves answer
  expect(JSON.stringify(plans)).not.toMatch(/"Seq Scan"[^{}]*"Relation Name":"bot_channels"/);
});
