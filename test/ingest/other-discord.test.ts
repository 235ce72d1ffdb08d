import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, sql } from '../../src/db/database.ts';
import { mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { administer } from '../support/database.ts';
import {
  aFile,
  aHistory,
  GUILD_ID,
  idAt,
  type Wire,
  type WireGuild,
} from '../support/other-discord-payloads.ts';
import { openStage, type Stage } from '../support/other-discord-stage.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOM = idAt('2024-01-01T00:00:00Z');
const OTHER_ROOM = idAt('2024-01-02T00:00:00Z');

const allOf = (count: number) => ({ messageCount: count, videoCount: count, uncoveredIds: [] });

/** A stage whose room is read to the end, and its program still runs. */
async function openReadStage(messageCount: number): Promise<Stage> {
  const stage = await openStage();
  stage.discord.addChannel(ROOM, aHistory(ROOM, messageCount));
  await stage.start();
  await stage.settled();
  return stage;
}

describe('GUILD_CREATE with odd or missing fields', () => {
  const firstRoom = (guild: WireGuild, over: Wire): Wire => ({
    ...guild,
    channels: guild.channels.map((channel, i) => (i === 0 ? { ...channel, ...over } : channel)),
  });
  const firstRole = (guild: WireGuild, over: Wire): Wire => ({
    ...guild,
    roles: guild.roles.map((role, i) => (i === 0 ? { ...role, ...over } : role)),
  });
  const oddities: [string, (guild: WireGuild) => Wire][] = [
    ['no members', (guild) => ({ ...guild, members: undefined })],
    ['members without the bot, and no threads', (guild) => ({ ...guild, members: [], threads: undefined })],
    ['no roles', (guild) => ({ ...guild, roles: undefined })],
    ['no icon and no name', (guild) => ({ ...guild, icon: undefined, name: undefined })],
    ['a time of joining that is none', (guild) => ({ ...guild, joined_at: 'x' })],
    ['a role without a name', (guild) => firstRole(guild, { name: undefined })],
    ['a role without a position', (guild) => firstRole(guild, { position: undefined })],
    ['a channel whose position is huge', (guild) => firstRoom(guild, { position: 2 ** 40 })],
    ['a lone surrogate in the name of a channel', (guild) => firstRoom(guild, { name: 'a\ud800' })],
    ['no overwrites', (guild) => firstRoom(guild, { permission_overwrites: null })],
    [
      'overwrites that are none',
      (guild) =>
        firstRoom(guild, {
          permission_overwrites: [{ id: guild.id, type: 'role', allow: '0', deny: '0' }, null],
        }),
    ],
    [
      'a channel whose id is none',
      (guild) => ({ ...guild, channels: [...guild.channels, { id: 'abc', type: 0, name: 'odd' }, null] }),
    ],
  ];

  let stage: Stage;
  beforeAll(async () => {
    stage = await openReadStage(0);
  });
  afterAll(async () => {
    await stage?.[Symbol.asyncDispose]();
  });

  test.each(oddities.map(([name, makeOdd], i) => ({ name, makeOdd, i })))(
    '$name: the guild is stored, and all its channels are scanned',
    async ({ makeOdd, i }) => {
      const { discord } = stage;
      const guildId = String(BigInt(GUILD_ID) + BigInt(i + 1));
      const rooms = [0, 1].map((k) => String(BigInt(ROOM) + BigInt(10 * i + k + 1)));
      for (const room of rooms) discord.addChannel(room, aHistory(room, 3), { guild_id: guildId });
      discord.gateway.dispatch('GUILD_CREATE', makeOdd(discord.viewGuild(guildId)));
      await stage.settled();
      const guilds = await stage.db.query(sql`select from bot_guilds where guild_id = ${guildId}`);
      expect(guilds).toHaveLength(1);
      for (const room of rooms) expect(await stage.libraryOf(room)).toEqual(allOf(3));
    },
  );
});

test('a guild that is told without any channels loses none', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 30));
  const first = await stage.start();
  await stage.settled();
  await first.stop();
  discord.hooks.guild = (guild) => ({ ...guild, channels: [] });
  discord.gateway.forgetSession();
  await stage.start();
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(30));
});

test('what is posted while the database takes no writes is kept', async () => {
  await using stage = await openStage();
  const { discord, db } = stage;
  discord.addChannel(ROOM);
  await stage.start({ ROLES: 'gateway' });
  await waitFor(stage.isTold);
  discord.post(ROOM, idAt('2025-01-01T00:00:00Z'));
  await waitFor(stage.isTold);
  await setReadOnly(stage, true);
  const failures = await countRollbacks(db);
  discord.post(ROOM, idAt('2025-01-02T00:00:00Z'));
  await waitFor(async () => (await countRollbacks(db)) >= failures + 2);
  await setReadOnly(stage, false);
  discord.post(ROOM, idAt('2025-01-03T00:00:00Z'));
  await waitFor(stage.isTold);
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(3));
});

test('a batch that is given up at the end of the program is not passed by the next', async () => {
  await using stage = await openStage();
  const { discord, db } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 5));
  discord.addChannel(OTHER_ROOM);
  const first = await stage.start();
  await stage.settled();
  const locker = new pg.Client(stage.url);
  await locker.connect();
  await locker.query('begin');
  await locker.query('select from bot_channels where channel_id = $1 for update', [ROOM]);
  discord.post(ROOM, idAt('2025-01-01T00:00:00Z'));
  await waitFor(async () => (await findBlocked(db)).length > 0);
  discord.post(OTHER_ROOM, idAt('2025-01-01T00:00:05Z'));
  await discord.gateway.untilRead();
  discord.gateway.pause(); // a peer that is slow to say goodbye, so that the program has time for the next batch
  const stopped = first.stop();
  for (const pid of await findBlocked(db)) await db.query(sql`select pg_terminate_backend(${pid})`);
  await locker.query('rollback');
  await locker.end();
  await stopped;
  discord.gateway.unpause();
  await stage.start();
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(6));
  expect(await stage.libraryOf(OTHER_ROOM)).toEqual(allOf(1));
});

test('an edit that does not tell the text keeps the caption, and takes the fresh link', async () => {
  await using stage = await openReadStage(1);
  const { discord, db } = stage;
  const [message] = discord.messagesOf(ROOM);
  const id = message?.id ?? '';
  const fresh = aFile(id, {}, '7fffffff');
  discord.gateway.dispatch('MESSAGE_UPDATE', { id, channel_id: ROOM, attachments: [fresh] });
  await stage.settled();
  expect(await db.query(sql`select caption, url from videos`)).toEqual([
    { caption: message?.content, url: fresh.url },
  ]);
});

test('an edit takes no file away that does not count as a video for now', async () => {
  await using stage = await openReadStage(3);
  const { discord, db } = stage;
  const [message] = discord.messagesOf(ROOM);
  await mergeGuildSettings(db, GUILD_ID, { video_formats: ['webm'] });
  discord.gateway.dispatch('MESSAGE_UPDATE', { ...message, edited_timestamp: '2025-02-01T00:00:00Z' });
  await stage.settled();
  await mergeGuildSettings(db, GUILD_ID, { video_formats: null });
  discord.gateway.dispatch('MESSAGE_UPDATE', { ...message, edited_timestamp: '2025-02-02T00:00:00Z' });
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(3));
});

test('an update with nothing in it takes no video away', async () => {
  await using stage = await openReadStage(3);
  const { discord } = stage;
  const [message] = discord.messagesOf(ROOM);
  discord.gateway.dispatch('MESSAGE_UPDATE', { ...message, content: '', attachments: [] });
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(3));
});

test('a live message with a broken link is counted, or left uncovered', async () => {
  await using stage = await openReadStage(3);
  const { discord } = stage;
  discord.post(ROOM, idAt('2025-01-01T00:00:00Z'));
  const id = idAt('2025-01-02T00:00:00Z');
  discord.post(ROOM, id, { attachments: [aFile(id, { url: 'https://cdn.discordapp.com/a\u0000b.mp4' })] });
  discord.post(ROOM, idAt('2025-01-03T00:00:00Z'));
  await stage.settled();
  const { messageCount = 0, uncoveredIds } = await stage.libraryOf(ROOM);
  expect(messageCount + uncoveredIds.length).toBe(6);
  expect([[], [id]]).toContainEqual(uncoveredIds);
});

/** As an operator or a failover does it: new connections may only read, and those of the program end. */
async function setReadOnly({ db, url }: Stage, isReadOnly: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await administer(`alter database ${name} set default_transaction_read_only = ${isReadOnly}`);
  await db.query(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
}

async function countRollbacks(db: Database): Promise<number> {
  const [row] = await db.query<{ rollbacks: number }>(sql`
    select xact_rollback::int as rollbacks from pg_stat_database where datname = current_database()`);
  return row?.rollbacks ?? 0;
}

/** The connections to this database that wait for a lock of another. */
async function findBlocked(db: Database): Promise<number[]> {
  const rows = await db.query<{ pid: number }>(sql`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  return rows.map((row) => row.pid);
}
