import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { ensureGuildSettings, getGuildSettings, mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { deleteGuild, getGuild, listGuilds, upsertGuild, upsertGuilds } from '../../src/db/guilds.ts';
import { deleteUser, getUser, upsertUserFromLogin } from '../../src/db/users.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { whileHeld } from './blocked-statements.ts';
import { addChannel, addGuild, addRun, newId, sampleGuild } from './sample-rows.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('guilds are stored with owners whom we have never met', async () => {
  const { db } = database;
  const [known, unknown] = [newId(), newId()];
  await upsertUserFromLogin(db, { discordUserId: known, username: 'ada', globalName: null, avatar: null });
  const guilds = [
    sampleGuild({ ownerUserId: known }),
    sampleGuild({ ownerUserId: unknown }),
    sampleGuild({ ownerUserId: unknown }),
    sampleGuild({ ownerUserId: null, icon: 'i1' }),
  ];
  await upsertGuilds(db, guilds);
  for (const guild of guilds) expect(await getGuild(db, guild.id)).toMatchObject(guild);
  expect(await getUser(db, known)).toMatchObject({ username: 'ada' });
  expect(await getUser(db, unknown)).toMatchObject({ username: null });
});

test('an upsert changes name and icon, but never loses a known owner or time of joining', async () => {
  const { db } = database;
  const joinedAt = new Date('2021-02-03T04:05:06.789Z');
  const guild = sampleGuild({ name: 'Old', icon: 'i1', ownerUserId: newId(), joinedAt });
  await upsertGuild(db, guild);
  await upsertGuild(db, { id: guild.id, name: 'New', icon: null, ownerUserId: null });
  const { ownerUserId } = guild;
  expect(await getGuild(db, guild.id)).toMatchObject({ name: 'New', icon: null, ownerUserId, joinedAt });

  const again = { newOwner: newId(), joinedAt: new Date('2025-01-01T00:00:00Z') };
  await upsertGuild(db, { ...guild, ownerUserId: again.newOwner, joinedAt: again.joinedAt });
  expect(await getGuild(db, guild.id)).toMatchObject({
    ownerUserId: again.newOwner,
    joinedAt: again.joinedAt,
  });
});

test('of a guild given twice the last counts; no guilds are no work; NUL in a name is dropped', async () => {
  const { db } = database;
  const guild = sampleGuild();
  await upsertGuilds(db, [guild, { ...guild, name: `it's "last"\0 \\, {NULL}` }]);
  await upsertGuilds(db, []);
  expect((await getGuild(db, guild.id))?.name).toBe(`it's "last" \\, {NULL}`);
});

test('many guilds written at once, in different orders and with new owners in common, all arrive', async () => {
  const { db } = database;
  const owners = Array.from({ length: 20 }, newId);
  const guilds = Array.from({ length: 200 }, (_, index) =>
    sampleGuild({ ownerUserId: owners[index % owners.length] ?? null }),
  );
  const orders = [guilds, guilds.toReversed(), guilds.toSorted(() => 0.5 - Math.random()), guilds];
  await Promise.all(orders.map((order) => upsertGuilds(db, order)));
  const stored = new Set((await listGuilds(db)).map((guild) => guild.id));
  expect(guilds.every((guild) => stored.has(guild.id))).toBe(true);
});

test('an owner who is deleted while the guild arrives is made anew', async () => {
  const { db } = database;
  const ownerUserId = newId();
  await upsertGuild(db, sampleGuild({ ownerUserId }));
  const guild = sampleGuild({ ownerUserId });
  await whileHeld(
    db,
    (tx) => deleteUser(tx, ownerUserId),
    () => upsertGuild(db, guild),
  );
  expect((await getGuild(db, guild.id))?.ownerUserId).toBe(ownerUserId);
});

test('a guild that Discord tells of is marked as seen, and no other', async () => {
  const { db } = database;
  const [seen, other] = [sampleGuild(), sampleGuild()];
  await upsertGuilds(db, [seen, other]);
  await db.query(
    sql`update bot_guilds set last_seen_at = '2020-01-01' where guild_id in (${seen.id}, ${other.id})`,
  );
  await upsertGuild(db, seen);
  expect(Number((await getGuild(db, seen.id))?.lastSeenAt)).toBeGreaterThan(Date.parse('2021-01-01'));
  expect((await getGuild(db, other.id))?.lastSeenAt).toEqual(new Date('2020-01-01T00:00:00Z'));
});

test('a deleted guild takes its channels, runs and settings along', async () => {
  const { db } = database;
  const guildId = await addGuild(db);
  const channelId = await addChannel(db, { guildId });
  const run = await addRun(db, channelId);
  await mergeGuildSettings(db, guildId, { prefix: '?' });
  expect(await db.transaction((tx) => deleteGuild(tx, guildId))).toBe(true);
  expect(await db.transaction((tx) => deleteGuild(tx, guildId))).toBe(false);
  expect(await getGuild(db, guildId)).toBeNull();
  expect(await getGuildSettings(db, guildId)).toBeNull();
  expect(await db.query(sql`select from bot_channels where channel_id = ${channelId}`)).toEqual([]);
  expect(await db.query(sql`select from bot_channel_scan_runs where id = ${run.id}`)).toEqual([]);
});

test('settings written while their guild is being deleted are not left behind', async () => {
  const { db } = database;
  const late = await addGuild(db);
  const tooLate = await whileHeld(
    db,
    (tx) => deleteGuild(tx, late),
    () => mergeGuildSettings(db, late, { prefix: '?' }),
  );
  expect(tooLate).toBeNull();
  expect(await getGuildSettings(db, late)).toBeNull();

  const early = await addGuild(db);
  await whileHeld(
    db,
    (tx) => ensureGuildSettings(tx, early),
    () => db.transaction((tx) => deleteGuild(tx, early)),
  );
  expect(await getGuildSettings(db, early)).toBeNull();
});
