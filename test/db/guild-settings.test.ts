import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import {
  ensureGuildSettings,
  getGuildSettings,
  mergeGuildSettings,
  replaceGuildSettings,
} from '../../src/db/guild-settings.ts';
import type { SettingsPatch } from '../../src/db/settings.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { untilBlocked } from './blocked-statements.ts';
import { addGuild, newId } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('ensuring makes an empty row and touches nothing that exists', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  expect(await getGuildSettings(db, guildId)).toBeNull();
  await ensureGuildSettings(db, guildId);
  expect(await getGuildSettings(db, guildId)).toEqual({});
  await mergeGuildSettings(db, guildId, { prefix: '?' });
  await ensureGuildSettings(db, guildId);
  expect(await getGuildSettings(db, guildId)).toEqual({ prefix: '?' });
});

test('a patch changes its keys, removes those that are null, and keeps what it does not know', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  expect(await mergeGuildSettings(db, guildId, { prefix: '?', auto_scan: false })).toEqual({
    prefix: '?',
    auto_scan: false,
  });
  await db.query(sql`
    update guild_settings
    set settings = settings || '{"theme": {"dark": null}}', updated_at = '2020-01-01'
    where guild_id = ${guildId}`);
  const merged = await mergeGuildSettings(db, guildId, {
    prefix: null,
    auto_scan: undefined,
    video_formats: ['mp4'],
  });
  expect(merged).toEqual({ auto_scan: false, theme: { dark: null }, video_formats: ['mp4'] });
  expect(await getGuildSettings(db, guildId)).toEqual(merged);
  const stale = sql`select from guild_settings where guild_id = ${guildId} and updated_at < '2021-01-01'`;
  expect(await db.query(stale)).toEqual([]);
});

test('null in the very first patch stores nothing', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  expect(await mergeGuildSettings(db, guildId, { prefix: null })).toEqual({});
});

test('replacing leaves only what is given', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  await mergeGuildSettings(db, guildId, { prefix: '?', auto_scan: false });
  expect(await replaceGuildSettings(db, guildId, { scan_nsfw: true, prefix: null })).toEqual({
    scan_nsfw: true,
  });
  expect(await getGuildSettings(db, guildId)).toEqual({ scan_nsfw: true });
  const fresh = await addGuild(db);
  expect(await replaceGuildSettings(db, fresh, { prefix: '"\\\'' })).toEqual({ prefix: '"\\\'' });
});

test('a guild that does not exist gets no settings', async () => {
  const { db } = database;
  const guildId = newId();
  await ensureGuildSettings(db, guildId);
  expect(await mergeGuildSettings(db, guildId, { prefix: '?' })).toBeNull();
  expect(await replaceGuildSettings(db, guildId, { prefix: '?' })).toBeNull();
  expect(await getGuildSettings(db, guildId)).toBeNull();
});

test('patches to different keys at once all hold, whether or not the row exists before', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const patches: SettingsPatch[] = [
    { prefix: '?' },
    { auto_scan: false },
    { scan_nsfw: true },
    { video_formats: ['mp4'] },
  ];
  const merging = await db.transaction(async (tx) => {
    await tx.query(sql`select from bot_guilds where guild_id = ${guildId} for update`);
    const merges = patches.map((patch) => mergeGuildSettings(db, guildId, patch));
    await untilBlocked(db, patches.length);
    return { merges };
  });
  await Promise.all(merging.merges);
  expect(await getGuildSettings(db, guildId)).toEqual(Object.assign({}, ...patches));
});
