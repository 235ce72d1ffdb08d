import { afterAll, beforeAll, expect, test } from 'vitest';
import { getCoverage } from '../../src/db/coverage.ts';
import { type Database, sql } from '../../src/db/database.ts';
import { mergeGuildSettings } from '../../src/db/guild-settings.ts';
import { changeGuildSettings } from '../../src/jobs/change-settings.ts';
import { switchReading } from '../../src/jobs/switch-reading.ts';
import { hasId } from '../../src/lib/ranges.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { fastClock } from '../support/fast-clock.ts';
import {
  type RunningProgram,
  startProgram,
  startTestSandbox,
  type TestSandbox,
  untilScanned,
} from '../support/program.ts';
import { waitFor } from '../support/wait-for.ts';

const HURRY = 5; // times faster than the real waits of the program
const CLIP = { filename: 'goal.mp4', clip: 'lighthouse.mp4' };

let testDatabase: TestDatabase;
let db: Database;
let sandbox: TestSandbox;
let program: RunningProgram;
let guildId: string;
let authorId: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  db = testDatabase.db;
  const world = generateWorld(7);
  // One guild with its channels emptied: what is posted in these tests is all there is.
  const [guild] = [...world.guilds.values()].filter((one) => one.botJoined);
  if (!guild) throw new Error('no guild');
  guildId = guild.id;
  authorId = [...guild.members.values()].find((member) => !member.user.bot)?.user.id ?? '';
  for (const other of world.guilds.values()) if (other !== guild) world.guilds.delete(other.id);
  for (const [id, entry] of guild.channels) {
    entry.messages = [];
    if (entry.channel.type !== 4) guild.channels.delete(id);
  }
  sandbox = await startTestSandbox(world);
  program = await startProgram(testDatabase.url, sandbox, {}, { clock: fastClock(HURRY) });
  await untilScanned(db, 1);
}, 60_000);
afterAll(async () => {
  await program?.stop();
  await sandbox?.close();
  await testDatabase?.close();
});

let made = 0;
async function newChannel(fields: Record<string, unknown> = {}): Promise<string> {
  made += 1;
  const answer = await sandbox.control('create-channel', {
    guild_id: guildId,
    name: `room-${made}`,
    type: 'text',
    ...fields,
  });
  const id = String(answer.channel_id);
  await waitFor(async () => (await channel(id)) !== undefined);
  await untilScanned(db, 1);
  return id;
}

async function post(channelId: string, fields: Record<string, unknown> = {}): Promise<string> {
  const words = fields.files ? {} : { content: 'words' }; // nobody can post a message with nothing in it
  const answer = await sandbox.control('post', {
    channel_id: channelId,
    author_id: authorId,
    ...words,
    ...fields,
  });
  return String(answer.message_id);
}

async function channel(id: string) {
  const [row] = await db.query<{
    is_reading: boolean;
    message_count: string;
    last_message_id: string | null;
    name: string;
  }>(sql`
    select is_reading, message_count, last_message_id, name from bot_channels where channel_id = ${id}`);
  return row;
}

async function videos(channelId: string) {
  return db.query<{ filename: string; caption: string | null; found_by: string; is_deleted: boolean }>(sql`
    select filename, caption, found_by, deleted_at is not null as is_deleted
    from videos where channel_id = ${channelId} and is_video order by message_id`);
}

const arrived = (channelId: string, messageId: string) =>
  waitFor(async () => (await channel(channelId))?.last_message_id === messageId);

test('a new channel is read at once, and what is posted is stored with its coverage', async () => {
  const id = await newChannel();
  expect((await channel(id))?.is_reading).toBe(true);
  const first = await post(id, { content: 'no file' });
  const last = await post(id, { content: 'look', files: [CLIP] });
  await arrived(id, last);
  expect(await channel(id)).toMatchObject({ message_count: '2' });
  expect(await videos(id)).toEqual([
    { filename: 'goal.mp4', caption: 'look', found_by: 'live', is_deleted: false },
  ]);
  const covered = await getCoverage(db, id);
  expect(hasId(covered, BigInt(first)) && hasId(covered, BigInt(last))).toBe(true);
});

test('edits and deletes reach stored videos', async () => {
  const id = await newChannel();
  const edited = await post(id, { content: 'before', files: [CLIP] });
  const stripped = await post(id, { content: 'mine', files: [CLIP] });
  const deleted = await post(id, { files: [CLIP] });
  const bulk = [await post(id, { files: [CLIP] }), await post(id, { files: [CLIP] })];
  await waitFor(async () => (await videos(id)).length === 5);
  await sandbox.control('edit', { channel_id: id, message_id: edited, content: 'after' });
  await sandbox.control('edit', { channel_id: id, message_id: stripped, files: [] });
  await sandbox.control('delete', { channel_id: id, message_id: deleted });
  await sandbox.control('bulk-delete', { channel_id: id, message_ids: bulk });
  await waitFor(async () => (await videos(id)).filter((video) => video.is_deleted).length === 4);
  expect((await videos(id))[0]).toMatchObject({ caption: 'after', is_deleted: false });
  expect(await channel(id)).toMatchObject({ message_count: '5' });
});

test('a channel that becomes age-restricted stops at once', async () => {
  const id = await newChannel();
  await arrived(id, await post(id));
  await sandbox.control('update-channel', { channel_id: id, nsfw: true });
  await waitFor(async () => (await channel(id))?.is_reading === false);
  const other = await newChannel();
  await post(id, { files: [CLIP] });
  await arrived(other, await post(other));
  expect(await channel(id)).toMatchObject({ message_count: '1', is_reading: false });
  expect(await videos(id)).toEqual([]);
});

test('a channel that age restriction stopped is read again when it is lifted, with what was posted meanwhile', async () => {
  const id = await newChannel();
  const thenNew = await newChannel({ nsfw: true });
  await arrived(id, await post(id));
  await sandbox.control('update-channel', { channel_id: id, nsfw: true });
  await waitFor(async () => (await channel(id))?.is_reading === false);
  const between = await post(id, { files: [CLIP] });
  await sandbox.control('update-channel', { channel_id: id, nsfw: false });
  await arrived(id, between);
  expect(await channel(id)).toMatchObject({ is_reading: true, message_count: '2' });
  expect((await videos(id)).map((video) => video.found_by)).toEqual(['history']);
  const early = await post(thenNew);
  expect((await channel(thenNew))?.is_reading).toBe(false);
  await sandbox.control('update-channel', { channel_id: thenNew, nsfw: false });
  await arrived(thenNew, early);
});

test('a channel whose reading a person switched off stays so when its age restriction is lifted', async () => {
  const id = await newChannel();
  await sandbox.control('update-channel', { channel_id: id, nsfw: true });
  await waitFor(async () => (await channel(id))?.is_reading === false);
  await db.transaction((tx) => switchReading(tx, guildId, [id], false));
  const other = await newChannel();
  await sandbox.control('update-channel', { channel_id: id, nsfw: false });
  await arrived(other, await post(other)); // comes after it
  expect((await channel(id))?.is_reading).toBe(false);
});

test('scan_nsfw begins the reading of channels that waited for it, and ends it', async () => {
  const id = await newChannel({ nsfw: true });
  const posted = await post(id, { files: [CLIP] });
  await db.transaction((tx) => changeGuildSettings(tx, guildId, { scan_nsfw: true }));
  await arrived(id, posted);
  await db.transaction((tx) => changeGuildSettings(tx, guildId, { scan_nsfw: null }));
  expect((await channel(id))?.is_reading).toBe(false);
});

test('without auto_scan a new channel is known, and not read', async () => {
  await mergeGuildSettings(db, guildId, { auto_scan: false });
  const id = await newChannel();
  await mergeGuildSettings(db, guildId, { auto_scan: null });
  expect((await channel(id))?.is_reading).toBe(false);
});

test('video_formats decide what counts, of the next message and of those before', async () => {
  const id = await newChannel();
  await db.transaction((tx) => changeGuildSettings(tx, guildId, { video_formats: ['webm'] }));
  const last = await post(id, { files: [CLIP, { filename: 'a.webm', clip: 'neon-grid.webm' }] });
  await arrived(id, last);
  expect((await videos(id)).map((video) => video.filename)).toEqual(['a.webm']);
  await sandbox.control('reset-stats');
  await db.transaction((tx) => changeGuildSettings(tx, guildId, { video_formats: null }));
  await waitFor(async () => (await videos(id)).length === 2);
  const { requests } = (await sandbox.control('stats')) as { requests: Record<string, number> };
  expect(Object.keys(requests).filter((route) => !route.includes('_sandbox'))).toEqual([]);
});

test('deleted channels go with all that hangs on them', async () => {
  const id = await newChannel();
  await arrived(id, await post(id, { files: [CLIP] }));
  await sandbox.control('delete-channel', { channel_id: id });
  await waitFor(async () => (await channel(id)) === undefined);
  expect(await videos(id)).toEqual([]);
});

test.each([
  ['is resumed', false],
  ['cannot be resumed', true],
])(
  'what is posted while the gateway is away arrives when the session %s, each message once',
  async (_, refuses) => {
    const id = await newChannel();
    await arrived(id, await post(id, { files: [CLIP] }));
    await sandbox.control('gateway-faults', { is_down: true, refuses_resumes: refuses });
    await sandbox.control('drop-gateway', {});
    for (let i = 0; i < 3; i += 1) await post(id, { files: [CLIP] });
    await sandbox.control('gateway-faults', { is_down: false });
    await waitFor(async () => (await videos(id)).length === 4);
    await sandbox.control('gateway-faults', { refuses_resumes: false });
    await arrived(id, await post(id, { files: [CLIP] }));
    await waitFor(async () => (await channel(id))?.message_count === '5');
    expect((await videos(id)).map((video) => video.found_by)).toEqual([
      'live',
      ...Array(3).fill(refuses ? 'history' : 'live'),
      'live',
    ]);
  },
);

test('an outage is not a departure; leaving hides, and coming back restores', async () => {
  const departures = () => db.query(sql`select from guild_departures`);
  const id = await newChannel();
  await arrived(id, await post(id, { files: [CLIP] }));
  await sandbox.control('guild-outage', { guild_id: guildId, unavailable: true });
  await sandbox.control('guild-outage', { guild_id: guildId, unavailable: false });
  await arrived(id, await post(id));
  expect(await departures()).toHaveLength(0);
  await sandbox.control('kick-bot', { guild_id: guildId });
  await waitFor(async () => (await departures()).length === 1);
  expect(await videos(id)).toHaveLength(1);
  await sandbox.control('add-bot', { guild_id: guildId });
  await waitFor(async () => (await departures()).length === 0);
  await arrived(id, await post(id));
});
