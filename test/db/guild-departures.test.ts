import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import {
  clearGuildDeparture,
  deleteGuildsDepartedBefore,
  listGuildsDepartedBefore,
  markGuildDeparted,
} from '../../src/db/guild-departures.ts';
import { getGuildSettings, mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { getGuild, listGuilds, upsertGuild } from '../../src/db/guilds.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { whileHeld } from './blocked-statements.ts';
import { addChannel, addGuild, newId, sampleGuild } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const includeDeparted = { includeDeparted: true };
const longAgo = new Date('2020-01-01T00:00:00Z');
const later = new Date('2020-02-01T00:00:00Z');

async function addDepartedGuild(departedAt: Date): Promise<string> {
  const { db } = database;
  const guildId = await addGuild(db);
  await markGuildDeparted(db, guildId);
  await db.query(sql`update guild_departures set departed_at = ${departedAt} where guild_id = ${guildId}`);
  return guildId;
}

async function deleteAllDepartedBefore(time: Date): Promise<string[]> {
  const ids = await database.db.transaction((tx) => deleteGuildsDepartedBefore(tx, time));
  return ids.length === 0 ? [] : [...ids, ...(await deleteAllDepartedBefore(time))];
}

test('a departed guild is hidden, and back with all it had when we return', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  await mergeGuildSettings(db, guildId, { prefix: '?' });

  expect(await markGuildDeparted(db, guildId)).toBe(true);
  expect(await getGuild(db, guildId)).toBeNull();
  expect((await listGuilds(db)).map((guild) => guild.id)).not.toContain(guildId);
  expect((await getGuild(db, guildId, includeDeparted))?.departedAt).toBeInstanceOf(Date);
  expect((await listGuilds(db, includeDeparted)).map((guild) => guild.id)).toContain(guildId);

  expect(await clearGuildDeparture(db, guildId)).toBe(true);
  expect(await clearGuildDeparture(db, guildId)).toBe(false);
  expect((await getGuild(db, guildId))?.departedAt).toBeNull();
  expect(await getGuildSettings(db, guildId)).toEqual({ prefix: '?' });
  expect(await db.query(sql`select from bot_channels where channel_id = ${channelId}`)).toHaveLength(1);
});

test('a removal told twice keeps the first time; one from an unknown guild is nothing', async () => {
  const { db } = database;
  const guildId = await addDepartedGuild(longAgo);
  expect(await markGuildDeparted(db, guildId)).toBe(true);
  expect((await getGuild(db, guildId, includeDeparted))?.departedAt).toEqual(longAgo);
  expect(await markGuildDeparted(db, newId())).toBe(false);
});

test('only guilds gone for longer than the grace are deleted, however many, with their settings', async () => {
  const { db } = database;
  const expired = await Promise.all(Array.from({ length: 23 }, () => addDepartedGuild(longAgo)));
  const [recent, present] = [await addDepartedGuild(new Date()), await addGuild(db)];
  for (const id of [...expired, recent]) await mergeGuildSettings(db, id, { prefix: '?' });

  expect(await listGuildsDepartedBefore(db, later)).toEqual(expect.arrayContaining(expired));
  const deleted = await deleteAllDepartedBefore(later);
  expect(deleted).toEqual(expect.arrayContaining(expired));
  expect(deleted).not.toContain(recent);
  expect(await listGuildsDepartedBefore(db, later)).toEqual([]);

  const left = (await listGuilds(db, includeDeparted)).map((guild) => guild.id);
  expect(left).toEqual(expect.arrayContaining([recent, present]));
  for (const id of expired) expect(await getGuildSettings(db, id)).toBeNull();
  expect(await getGuildSettings(db, recent)).toEqual({ prefix: '?' });
});

test('a guild that we return to while the purge waits for it is kept', async () => {
  const { db } = database;
  const guildId = await addDepartedGuild(longAgo);
  const deleted = await whileHeld(
    db,
    async (tx) => {
      await upsertGuild(tx, sampleGuild({ id: guildId }));
      await clearGuildDeparture(tx, guildId);
    },
    () => db.transaction((tx) => deleteGuildsDepartedBefore(tx, later)),
  );
  expect(deleted).not.toContain(guildId);
  expect(await getGuild(db, guildId)).not.toBeNull();
});

test('a guild that we return to while it is being deleted is made anew', async () => {
  const { db } = database;
  const guildId = await addDepartedGuild(longAgo);
  const cleared = await whileHeld(
    db,
    (tx) => deleteGuildsDepartedBefore(tx, later),
    () =>
      db.transaction(async (tx) => {
        await upsertGuild(tx, sampleGuild({ id: guildId, name: 'Back' }));
        return clearGuildDeparture(tx, guildId);
      }),
  );
  expect(cleared).toBe(false);
  expect(await getGuild(db, guildId)).toMatchObject({ name: 'Back', departedAt: null });
});
