import { expect, test } from 'vitest';
import { enqueueScan } from '../../src/jobs/enqueue-scan.ts';
import { aFile, aHistory, aMessage, GUILD_ID, idAt, type Wire } from '../support/other-discord-payloads.ts';
import { openStage } from '../support/other-discord-stage.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOM = idAt('2024-01-01T00:00:00Z');
const FEW_RUNS = 3; // the first scan, and what a restart may find to be missed

const allOf = (count: number) => ({ messageCount: count, videoCount: count, uncoveredIds: [] });

test('a page may be short and in any order, and optional fields may be missing', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  const oldRoom = '41771983423143937'; // from the first months of Discord: ids of 17 digits
  discord.addChannel(ROOM, aHistory(ROOM, 333));
  discord.addChannel(oldRoom, [
    ...aHistory(oldRoom, 150, '2015-05-01T00:00:00Z'),
    ...aHistory(oldRoom, 100, '2017-01-01T00:00:00Z'),
    ...aHistory(oldRoom, 100, '2024-06-01T00:00:00Z'),
  ]);
  discord.hooks.channel = ({ id, type, name, guild_id }) => ({ id, type, name, guild_id });
  discord.hooks.guild = (guild) => ({ ...guild, threads: undefined });
  discord.hooks.page = (messages, nth) => {
    const short = messages.slice(0, 20 + ((nth * 7) % 60));
    return nth % 2 === 0 ? short.reverse() : [...short.slice(5), ...short.slice(0, 5)];
  };
  await stage.start();
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(333));
  expect(await stage.libraryOf(oldRoom)).toEqual(allOf(350));
});

test('a newest message that is gone by the time of the scan makes no endless runs', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 5));
  const first = await stage.start();
  await stage.settled();
  await first.stop();
  discord.hooks.guild = (guild) => {
    const last_message_id = idAt('2025-01-01T00:00:00Z');
    return { ...guild, channels: guild.channels.map((channel) => ({ ...channel, last_message_id })) };
  };
  discord.gateway.forgetSession();
  await stage.start();
  await stage.settled();
  expect((await stage.listRuns()).length).toBeLessThanOrEqual(FEW_RUNS);
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(5));
});

test('a live message after a restart makes no endless runs where the newest message is never told', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.hooks.channel = (channel) => ({ ...channel, last_message_id: undefined });
  discord.addChannel(ROOM, aHistory(ROOM, 5));
  const first = await stage.start();
  await stage.settled();
  await first.stop();
  discord.gateway.forgetSession();
  await stage.start();
  await stage.settled();
  discord.post(ROOM, idAt('2025-01-01T00:00:00Z'));
  await stage.settled();
  expect((await stage.listRuns()).length).toBeLessThanOrEqual(FEW_RUNS);
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(6));
});

test('messages older than their channel are found although the scan is interrupted', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 500, '2023-01-01T00:00:00Z'));
  let isInterrupted = false;
  discord.hooks.beforePage = (nth) => (nth === 3 ? waitFor(() => isInterrupted) : undefined);
  const first = await stage.start();
  await waitFor(() => discord.pages === 3);
  await first.stop();
  isInterrupted = true;
  expect(await stage.libraryOf(ROOM)).toMatchObject({ messageCount: 200 });
  await stage.start();
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(500));
});

test('a run that a person asks for reads the newest messages although Discord tells of an older one', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 5));
  const first = await stage.start();
  await stage.settled();
  await first.stop();
  const stale = discord.messagesOf(ROOM).at(-1)?.id;
  discord.messagesOf(ROOM).push(...aHistory(ROOM, 7, '2025-01-01T00:00:00Z'));
  discord.hooks.channel = (channel) => ({ ...channel, last_message_id: stale });
  discord.gateway.forgetSession();
  await stage.start();
  await stage.settled();
  await stage.db.transaction((tx) => enqueueScan(tx, { channelId: ROOM, requestedBy: 'person' }));
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(12));
});

test('messages with odd fields, or twice on a page, count once and stop nothing', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  const oddities: Wire[] = [
    { attachments: [aFile(ROOM, { url: 'https://cdn.discordapp.com/a\u0000b.mp4' })] },
    { attachments: [aFile(ROOM, { proxy_url: 'https://media.discordapp.net/\ud800.mp4' })] },
    { author: undefined },
    { author: null },
  ];
  const rooms = oddities.map((oddity, i) => {
    const room = String(BigInt(ROOM) + BigInt(i));
    const history = aHistory(room, 150);
    history[70] = aMessage(room, String(history[70]?.id), oddity);
    discord.addChannel(room, history);
    return room;
  });
  discord.hooks.page = (messages) => [...messages.slice(0, 1), ...messages];
  await stage.start();
  await stage.settled();
  for (const room of rooms) {
    expect(await stage.libraryOf(room)).toEqual(allOf(150));
  }
  expect((await stage.listRuns()).map((run) => run.status)).toEqual(rooms.map(() => 'succeeded'));
});

test('what has no id on the newest page covers nothing that is yet to come', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 150));
  discord.hooks.page = (messages) => [null, {}, { id: 5 }, { id: 'x' }, ...messages] as Wire[];
  const first = await stage.start();
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(150));
  await first.stop();
  discord.messagesOf(ROOM).push(...aHistory(ROOM, 7, '2025-01-01T00:00:00Z'));
  expect((await stage.libraryOf(ROOM)).uncoveredIds).toHaveLength(7);
});

test('a page whose content is withheld is not covered, although one message of it is shown', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 300));
  discord.hooks.applicationFlags = 0;
  discord.hooks.page = (messages, nth) =>
    messages.map((message, i) =>
      nth === 1 || i === 5 ? message : { ...message, content: '', attachments: [] },
    );
  await stage.start();
  await stage.settled();
  expect(await stage.listRuns()).toMatchObject([{ status: 'failed', reason: 'no_content_intent' }]);
  const withheld = discord.messagesOf(ROOM).slice(0, 200);
  expect(await stage.libraryOf(ROOM)).toEqual({
    messageCount: 100,
    videoCount: 100,
    uncoveredIds: withheld.map((message) => message.id),
  });
});

test('a message with nothing in it is believed where the flags of the application are not told', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.hooks.applicationFlags = undefined;
  discord.addChannel(ROOM, [aMessage(ROOM, idAt('2024-02-01T00:00:00Z'), { content: '', attachments: [] })]);
  await stage.start();
  await stage.settled();
  expect(await stage.listRuns()).toMatchObject([{ status: 'succeeded' }]);
  expect(await stage.libraryOf(ROOM)).toEqual({ messageCount: 1, videoCount: 0, uncoveredIds: [] });
});

test('an empty page does not end a scan when the permission was missing for that moment only', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 300));
  discord.hooks.page = (messages, nth) => (nth === 2 ? [] : messages);
  await stage.start();
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(300));
});

test('a first scan that ended because the bot was removed is taken up again when it is back', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 300));
  let isBack = false;
  discord.hooks.beforePage = (nth) => (nth === 2 ? waitFor(() => isBack) : undefined);
  await stage.start();
  await waitFor(() => discord.pages === 2);
  discord.gateway.dispatch('GUILD_DELETE', { id: GUILD_ID });
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toMatchObject({ messageCount: 100 });
  isBack = true;
  discord.gateway.dispatch('GUILD_CREATE', discord.viewGuild());
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(300));
});

test('a first scan that lost its permission is taken up again when it is given back', async () => {
  await using stage = await openStage();
  const { discord } = stage;
  discord.addChannel(ROOM, aHistory(ROOM, 300));
  discord.hooks.beforePage = (nth) => {
    if (nth === 2) discord.hooks.isReadable = false;
  };
  await stage.start();
  await stage.settled();
  expect(await stage.listRuns()).toMatchObject([{ status: 'failed', reason: 'no_history_permission' }]);
  discord.hooks.isReadable = true;
  const [role] = discord.viewGuild().roles;
  discord.gateway.dispatch('GUILD_ROLE_UPDATE', { guild_id: GUILD_ID, role });
  await stage.settled();
  expect(await stage.libraryOf(ROOM)).toEqual(allOf(300));
});
