import { expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { aMessage, GUILD_ID, idAt, type Wire } from '../support/other-discord-payloads.ts';
import { openStage, type Stage } from '../support/other-discord-stage.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOM = idAt('2024-01-01T00:00:00Z');
const THREAD = idAt('2024-01-03T00:00:00Z');
const BULK = 100; // the most that Discord deletes at once
const NO_PERMISSIONS = '0';

const allOf = (count: number) => ({ messageCount: count, videoCount: count, uncoveredIds: [] });
const atMinute = (minute: number) => idAt(new Date(Date.UTC(2025, 0, 1, 0, minute)).toISOString());

/** A room that was read to its end, with three live messages on top. */
async function openLiveStage(): Promise<Stage> {
  const stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM);
  await stage.start();
  await stage.settled();
  for (let minute = 0; minute < 3; minute += 1) discord.post(ROOM, atMinute(minute));
  await stage.settled();
  return stage;
}

async function stretchOf({ db }: Stage, channelId = ROOM): Promise<string | undefined> {
  const [row] = await db.query<{ first: string }>(sql`
    select first_message_id as first from live_coverage where channel_id = ${channelId}`);
  return row?.first;
}

/** The guild's role @everyone, changed. */
function changeEveryone({ discord }: Stage, over: Wire): void {
  const everyone = discord.viewGuild().roles.find((role) => role.id === GUILD_ID);
  discord.gateway.dispatch('GUILD_ROLE_UPDATE', { guild_id: GUILD_ID, role: { ...everyone, ...over } });
}

test('a change of roles that leaves the room in sight misses nothing and asks for nothing', async () => {
  await using stage = await openLiveStage();
  const { discord } = stage;
  const before = { stretch: await stretchOf(stage), runs: (await stage.listRuns()).length };
  changeEveryone(stage, { name: 'all of us' });
  discord.gateway.dispatch('CHANNEL_UPDATE', discord.viewGuild().channels[0]);
  discord.post(ROOM, atMinute(5));
  await stage.settled();
  expect({ stretch: await stretchOf(stage), runs: (await stage.listRuns()).length }).toEqual(before);
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(4));
});

test('what was posted while the room was out of sight is caught up with', async () => {
  await using stage = await openLiveStage();
  const { discord } = stage;
  const permissions = discord.viewGuild().roles.find((role) => role.id === GUILD_ID)?.permissions;
  changeEveryone(stage, { permissions: NO_PERMISSIONS });
  discord.messagesOf(ROOM).push(aMessage(ROOM, atMinute(10)), aMessage(ROOM, atMinute(11)));
  changeEveryone(stage, { permissions });
  discord.post(ROOM, atMinute(20));
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(6));
});

test('what is posted in a channel or a thread made while we listen leaves no hole, and needs one run at most', async () => {
  await using stage = await openLiveStage();
  const { discord } = stage;
  const made = atMinute(30);
  discord.addChannel(made);
  discord.gateway.dispatch(
    'CHANNEL_CREATE',
    discord.viewGuild().channels.find(({ id }) => id === made),
  );
  await stage.settled();
  for (let minute = 35; minute < 38; minute += 1) discord.post(made, atMinute(minute));
  await stage.settled();
  expect(await stage.libraryOf(made)).toEqual(allOf(3));
  expect((await stage.listRuns()).filter((run) => run.channelId === made)).toHaveLength(1);
});

test('a message that comes before its channel is known is found by the first scan', async () => {
  await using stage = await openLiveStage();
  const { discord } = stage;
  const late = idAt('2024-01-02T00:00:00Z');
  discord.addChannel(late);
  discord.post(late, atMinute(30));
  await stage.settled();
  discord.gateway.dispatch(
    'CHANNEL_CREATE',
    discord.viewGuild().channels.find(({ id }) => id === late),
  );
  discord.post(late, atMinute(31));
  await stage.settled();
  expect(await stage.libraryOf(late)).toEqual(allOf(2));
});

test('a hundred messages deleted at once, some of them not yet known, and again', async () => {
  await using stage = await openLiveStage();
  const { discord, db } = stage;
  const ids = Array.from({ length: BULK }, (_, i) => atMinute(40 + i));
  for (const id of ids.slice(0, 60)) discord.post(ROOM, id);
  const deletion = { ids, channel_id: ROOM, guild_id: GUILD_ID };
  discord.gateway.dispatch('MESSAGE_DELETE_BULK', deletion);
  await stage.settled();
  const deletedAt = () => db.query(sql`select message_id, deleted_at from videos order by message_id`);
  const before = await deletedAt();
  discord.gateway.dispatch('MESSAGE_DELETE_BULK', deletion);
  discord.gateway.dispatch('MESSAGE_DELETE', { id: ids[0], channel_id: ROOM });
  await stage.settled();
  expect(await deletedAt()).toEqual(before);
  expect(await stage.libraryOf(ROOM)).toMatchObject({ messageCount: 63, videoCount: 3 });
});

test('a thread, then its channel, is deleted amid messages; what comes after of them is of no channel', async () => {
  await using stage = await openLiveStage();
  const { discord, db } = stage;
  const thread = { id: THREAD, guild_id: GUILD_ID, parent_id: ROOM, type: 11, name: 'a thread' };
  discord.gateway.dispatch('THREAD_CREATE', { ...thread, newly_created: true });
  discord.gateway.dispatch('MESSAGE_CREATE', aMessage(THREAD, atMinute(50)));
  discord.gateway.dispatch('THREAD_DELETE', { ...thread });
  discord.gateway.dispatch('MESSAGE_CREATE', aMessage(THREAD, atMinute(51)));
  discord.post(ROOM, atMinute(52));
  for (let n = 0; n < 2; n += 1) {
    discord.gateway.dispatch('CHANNEL_DELETE', { id: ROOM, guild_id: GUILD_ID, type: 0 });
    discord.gateway.dispatch('MESSAGE_CREATE', aMessage(ROOM, atMinute(53 + n)));
  }
  await waitFor(stage.isTold);
  expect(await db.query(sql`select channel_id from bot_channels`)).toEqual([]);
  expect(await db.query(sql`select from videos`)).toEqual([]);
});

test('an outage of the guild leaves it; a removal hides it, and is the same when it is told twice', async () => {
  await using stage = await openLiveStage();
  const { discord, db } = stage;
  const departures = () => db.query(sql`select departed_at from guild_departures`);
  discord.gateway.dispatch('GUILD_DELETE', { id: GUILD_ID, unavailable: true });
  await waitFor(stage.isTold);
  expect(await departures()).toEqual([]);
  discord.gateway.dispatch('GUILD_DELETE', { id: GUILD_ID });
  await waitFor(stage.isTold);
  const departed = await departures();
  discord.gateway.dispatch('GUILD_DELETE', { id: GUILD_ID });
  discord.gateway.dispatch('MESSAGE_CREATE', aMessage(ROOM, atMinute(60)));
  await waitFor(stage.isTold);
  expect(departed).toHaveLength(1);
  expect(await departures()).toEqual(departed);
  expect(await stage.libraryOf(ROOM)).toMatchObject({ messageCount: 3, videoCount: 3 });
});
