import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../src/db/database.ts';
import { isAgeRestricted } from '../../src/sandbox/channels.ts';
import { generateWorld } from '../../src/sandbox/generate/generate-world.ts';
import { canReadHistory } from '../../src/sandbox/permissions.ts';
import type { WorldGuild } from '../../src/sandbox/world.ts';
import { IndexStage, SEARCH_ROUTE } from '../support/index-stage.ts';

let stage: IndexStage;
let guilds: WorldGuild[];

beforeAll(async () => {
  const world = generateWorld(42);
  stage = await IndexStage.open(world);
  guilds = [...world.guilds.values()].filter((guild) => guild.botJoined);
  for (const guild of guilds) await stage.addGuild(guild.id);
});
afterAll(() => stage.close());

/** The uploaded videos that a bot can find in a guild, worked out the simplest way. */
function uploadsIn(guild: WorldGuild): string[] {
  const { world } = stage.sandbox;
  return [...guild.channels.values()]
    .filter(({ channel }) => canReadHistory(guild, channel, world.bot.id) && !isAgeRestricted(guild, channel))
    .flatMap(({ messages }) => messages)
    .flatMap((message) =>
      [message, ...(message.message_snapshots ?? []).map((snapshot) => snapshot.message)]
        .flatMap((holder) => holder.attachments)
        .filter((file) => ((file.flags ?? 0) & 2) === 0)
        .filter((file) => /\.(mp4|webm|mov|m4v|mkv|avi)$/i.test(file.filename))
        .filter((file) => file.content_type === undefined || file.content_type.startsWith('video/'))
        .map((file) => `${message.id} ${file.id}`),
    );
}

test('a pass tells of every video of a guild that the bot may read, threads included, and of no other', async () => {
  for (const guild of guilds) {
    const pass = await stage.pass(guild.id);
    expect(pass).toMatchObject({ status: 'succeeded', reason: 'start_reached', errorMessage: null });
    const shown = await stage.shownVideos(guild.id);
    const uploads = uploadsIn(guild);
    expect(shown).toEqual(expect.arrayContaining(uploads));
    expect(shown.filter((line) => /^\d+ \d+$/.test(line)).sort()).toEqual(uploads.sort());
    expect(pass.videosFound).toBe(BigInt(shown.length));
    const messages = new Set(shown.map((line) => line.split(' ')[0]));
    expect(pass.messagesFound).toBe(BigInt(messages.size));
  }
  expect(guilds.flatMap(uploadsIn).length).toBeGreaterThan(400);
});

test('it is no proof: nothing is covered, counted or confirmed', async () => {
  const [sums] = await stage.db.query(sql`
    select
      (select count(*)::int from covered_ids where scanned <> '{}') as covered,
      (select sum(message_count)::int from bot_channels) as messages,
      (select count(*)::int from videos where is_confirmed or found_by <> 'index') as confirmed`);
  expect(sums).toEqual({ covered: 0, messages: 0, confirmed: 0 });
});

test('a second pass changes nothing and finds nothing new', async () => {
  const guild = guilds[0] as WorldGuild;
  const before = await stage.shownVideos(guild.id);
  await stage.sandbox.control('reset-stats');
  const pass = await stage.pass(guild.id);
  expect(pass).toMatchObject({ status: 'succeeded', videosFound: 0n, messagesFound: 0n });
  expect(await stage.shownVideos(guild.id)).toEqual(before);
  const pages = Math.ceil(before.length / 25);
  expect(await stage.requests(SEARCH_ROUTE)).toBeLessThan(pages + 12);
});
