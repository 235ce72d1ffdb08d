import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  getEffectiveSettings,
  mergeChannelSettings,
  replaceChannelSettings,
} from '../../src/db/channel-settings.ts';
import { getChannel } from '../../src/db/channels.ts';
import { sql } from '../../src/db/database.ts';
import { mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { defaultSettings, type SettingsPatch } from '../../src/db/settings.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { untilBlocked } from './blocked-statements.ts';
import { addChannel, addGuild, newId } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('overrides are merged, removed by null, and replaced', async () => {
  const { db } = database;
  const id = await addChannel(db);
  await db.query(sql`update bot_channels set settings = '{"theme": null}' where channel_id = ${id}`);
  await mergeChannelSettings(db, id, { prefix: '?', scan_nsfw: true });
  const merged = { theme: null, scan_nsfw: true, video_formats: ['mov'] };
  expect(await mergeChannelSettings(db, id, { prefix: null, video_formats: ['mov'] })).toEqual(merged);
  expect((await getChannel(db, id))?.settings).toEqual(merged);
  expect(await replaceChannelSettings(db, id, { auto_scan: false, prefix: null })).toEqual({
    auto_scan: false,
  });
  expect((await getChannel(db, id))?.settings).toEqual({ auto_scan: false });
});

test('a channel that does not exist has no settings', async () => {
  const { db } = database;
  const id = newId();
  expect(await mergeChannelSettings(db, id, { prefix: '?' })).toBeNull();
  expect(await replaceChannelSettings(db, id, { prefix: '?' })).toBeNull();
  expect(await getEffectiveSettings(db, id)).toBeNull();
});

test('patches to different keys at once all hold', async () => {
  const { db } = database;
  const id = await addChannel(db);
  const patches: SettingsPatch[] = [{ prefix: '?' }, { auto_scan: false }, { scan_nsfw: true }];
  const merging = await db.transaction(async (tx) => {
    await tx.query(sql`select from bot_channels where channel_id = ${id} for update`);
    const merges = patches.map((patch) => mergeChannelSettings(db, id, patch));
    await untilBlocked(db, patches.length);
    return { merges };
  });
  await Promise.all(merging.merges);
  expect((await getChannel(db, id))?.settings).toEqual(Object.assign({}, ...patches));
});

test('what holds in a channel comes from the defaults, its guild and itself', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const id = await addChannel(db, { guildId });
  expect(await getEffectiveSettings(db, id)).toEqual(defaultSettings);
  await mergeGuildSettings(db, guildId, { prefix: '?', auto_scan: false });
  await mergeChannelSettings(db, id, { auto_scan: true, video_formats: ['mov'] });
  expect(await getEffectiveSettings(db, id)).toEqual({
    ...defaultSettings,
    prefix: '?',
    auto_scan: true,
    video_formats: ['mov'],
  });
});

test('a thread inherits from its channel, a channel not from its category', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const category = await addChannel(db, { guildId, type: 'category' });
  const channel = await addChannel(db, { guildId, parentId: category });
  const thread = await addChannel(db, { guildId, parentId: channel, type: 'public_thread' });
  await mergeChannelSettings(db, category, { prefix: 'category' });
  await mergeChannelSettings(db, channel, { scan_nsfw: true, auto_scan: false });
  await mergeChannelSettings(db, thread, { auto_scan: true });
  expect(await getEffectiveSettings(db, channel)).toMatchObject({ prefix: '!', auto_scan: false });
  expect(await getEffectiveSettings(db, thread)).toMatchObject({
    prefix: '!',
    auto_scan: true,
    scan_nsfw: true,
  });
});
