import { createHash } from 'node:crypto';
import { PermissionFlagsBits as Bits, ChannelType, OverwriteType } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { isThread, overwritesOf, parentIdOf } from '../channels.ts';
import { compareIds, idTimeMs } from '../ids.ts';
import {
  canManageGuild,
  canOpenChat,
  canReadHistory,
  canView,
  guildPermissions,
  hasPermission,
} from '../permissions.ts';
import type { World, WorldGuild, WorldMessage } from '../world.ts';
import { worldSummary } from '../world-summary.ts';
import { clips } from './clip-catalogue.ts';
import { generateWorld } from './generate-world.ts';
import { DAY_MS, WORLD_END_MS } from './world-time.ts';

const world = generateWorld(1);
const summary = worldSummary(world);
const places = [...world.guilds.values()].flatMap((guild) =>
  [...guild.channels.values()].map((entry) => ({ guild, entry })),
);
const messages = places.flatMap(({ entry }) => entry.messages);
const files = messages.flatMap((message) => [
  ...message.attachments,
  ...(message.message_snapshots ?? []).flatMap((snapshot) => snapshot.message.attachments),
]);

describe('a seed', () => {
  it('gives the same world each time, and another seed another one', () => {
    expect(fingerprint(generateWorld(1))).toBe(fingerprint(world));
    expect(fingerprint(generateWorld(2))).not.toBe(fingerprint(world));
  });

  it.each([1, 2, 3, 4, 5])('%i gives as much as was promised', (seed) => {
    const startedAt = performance.now();
    const counts = worldSummary(generateWorld(seed));
    process.stderr.write(`world ${seed}: ${Math.round(performance.now() - startedAt)} ms\n`);
    expect(counts.guildsWithBot).toBeGreaterThanOrEqual(3);
    expect(counts.guilds).toBeGreaterThan(counts.guildsWithBot);
    expect(counts.channels).toBeGreaterThanOrEqual(34);
    expect(counts.people).toBeGreaterThanOrEqual(20);
    expect(counts.readable.messages).toBeGreaterThanOrEqual(20_000);
    expect(counts.longestChannel).toBeLessThanOrEqual(2800);
    expect(counts.readable.videos).toBeGreaterThan(650);
    expect(counts.readable.videos).toBeLessThan(850);
    for (const count of [
      counts.forwardedVideos,
      counts.spoilerVideos,
      counts.gameClips,
      counts.movingThumbnails,
      counts.videoEmbeds,
      counts.activeThreads,
      counts.archivedThreads,
    ]) {
      expect(count).toBeGreaterThanOrEqual(10);
    }
  });
});

describe('channels', () => {
  it('are of every type', () => {
    const types = ['text', 'voice', 'category', 'announcement', 'stage', 'forum', 'media'];
    const threadTypes = ['public_thread', 'private_thread', 'announcement_thread'];
    expect(Object.keys(summary.channelsByType).sort()).toEqual([...types, ...threadTypes].sort());
  });

  it('are closed to the bot in every way that there is', () => {
    const joined = places.filter(({ guild, entry }) => guild.botJoined && entry.messages.length > 0);
    const botId = world.bot.id;
    const isHidden = joined.filter(({ guild, entry }) => !canView(guild, entry.channel, botId));
    const hasNoHistory = joined.filter(
      ({ guild, entry }) =>
        canOpenChat(guild, entry.channel, botId) && !canReadHistory(guild, entry.channel, botId),
    );
    const isPrivate = joined.filter(
      ({ guild, entry }) =>
        !isThread(entry.channel) &&
        canReadHistory(guild, entry.channel, botId) &&
        [...guild.members.keys()].some((userId) => !canView(guild, entry.channel, userId)),
    );
    expect(isHidden.filter(({ entry }) => isThread(entry.channel)).length).toBeGreaterThan(0);
    expect(isHidden.filter(({ entry }) => !isThread(entry.channel)).length).toBeGreaterThanOrEqual(3);
    expect(hasNoHistory.length).toBeGreaterThanOrEqual(1);
    expect(isPrivate.length).toBeGreaterThanOrEqual(3);
    expect(joined.some(({ entry }) => 'nsfw' in entry.channel && entry.channel.nsfw)).toBe(true);
  });

  it('hold nothing, one message or many', () => {
    const texts = places
      .filter(({ entry }) => entry.channel.type === 0)
      .map(({ entry }) => entry.messages.length);
    expect(texts).toContain(0);
    expect(texts).toContain(1);
  });

  it('name only parents, roles and members that exist', () => {
    for (const { guild, entry } of places) {
      const parentId = parentIdOf(entry.channel);
      if (parentId !== null) expect(guild.channels.has(parentId)).toBe(true);
      for (const { id } of overwritesOf(entry.channel))
        expect(guild.roles.has(id) || guild.members.has(id)).toBe(true);
      for (const userId of entry.threadMembers) expect(guild.members.has(userId)).toBe(true);
    }
  });
});

describe('guilds', () => {
  it('have an owner, members with roles of theirs, and the bot with a role of its own where it joined', () => {
    for (const guild of world.guilds.values()) {
      expect(guild.members.has(guild.ownerId)).toBe(true);
      const roleIds = [...guild.members.values()].flatMap((member) => member.roles);
      expect(roleIds.every((id) => guild.roles.has(id))).toBe(true);
      expect([...guild.members.keys()].every((id) => world.users.has(id))).toBe(true);
      const own = guild.members.get(world.bot.id);
      expect(own !== undefined).toBe(guild.botJoined);
      if (own) expect(own.roles.map((id) => guild.roles.get(id)?.tags?.bot_id)).toEqual([world.bot.id]);
    }
  });
});

describe('people', () => {
  const standings = [...world.guilds.values()].flatMap((guild) =>
    [...guild.members.values()]
      .filter(({ user }) => !user.bot)
      .map((member) => ({ guild, member, userId: member.user.id })),
  );
  const inJoined = standings.filter(({ guild }) => guild.botJoined);
  const isAdministrator = ({ guild, userId }: { guild: WorldGuild; userId: string }) =>
    hasPermission(guildPermissions(guild, userId), Bits.Administrator) && guild.ownerId !== userId;

  it('manage guilds in every way that there is, with Clipdex and without', () => {
    expect(inJoined.some(isAdministrator)).toBe(true);
    expect(
      inJoined.some(
        (one) =>
          canManageGuild(one.guild, one.userId) && one.guild.ownerId !== one.userId && !isAdministrator(one),
      ),
    ).toBe(true);
    const installers = standings.filter(
      ({ guild, userId }) => !guild.botJoined && canManageGuild(guild, userId),
    );
    expect(installers.some(({ userId }) => inJoined.some((one) => one.userId === userId))).toBe(true);
    expect(installers.some(({ userId }) => !inJoined.some((one) => one.userId === userId))).toBe(true);
  });

  it('are in no guild with Clipdex, and in none at all', () => {
    const people = [...world.users.values()].filter(({ bot }) => !bot);
    const strangers = people.filter(({ id }) => !inJoined.some(({ userId }) => userId === id));
    expect(strangers.some(({ id }) => standings.some(({ userId }) => userId === id))).toBe(true);
    expect(strangers.some(({ id }) => !standings.some(({ userId }) => userId === id))).toBe(true);
  });

  it('are shut out, let in, muted and timed out one by one', () => {
    const ownOverwrites = places.flatMap(({ entry }) =>
      overwritesOf(entry.channel).filter(({ type }) => type === OverwriteType.Member),
    );
    const has = (kind: 'allow' | 'deny', bit: bigint) =>
      ownOverwrites.some((overwrite) => hasPermission(BigInt(overwrite[kind]), bit));
    expect(has('deny', Bits.ViewChannel)).toBe(true);
    expect(has('allow', Bits.ViewChannel)).toBe(true);
    expect(has('deny', Bits.SendMessages)).toBe(true);
    const timedOut = inJoined.filter(({ member }) => member.communication_disabled_until);
    expect(timedOut.length).toBeGreaterThanOrEqual(2);
    for (const { guild, userId } of timedOut) {
      expect(hasPermission(guildPermissions(guild, userId), Bits.SendMessages)).toBe(false);
    }
  });

  it('see channels without their history or their voice, and private threads or not', () => {
    const seen = (test: (place: (typeof places)[number], userId: string) => boolean) =>
      places.some((place) =>
        [...place.guild.members.keys()].some(
          (userId) => canView(place.guild, place.entry.channel, userId) && test(place, userId),
        ),
      );
    const isBot = (userId: string) => world.users.get(userId)?.bot === true;
    expect(seen(({ guild, entry }, id) => !isBot(id) && !canOpenChat(guild, entry.channel, id))).toBe(true);
    expect(
      seen(
        ({ guild, entry }, id) =>
          !isBot(id) && canOpenChat(guild, entry.channel, id) && !canReadHistory(guild, entry.channel, id),
      ),
    ).toBe(true);
    const isPrivate = ({ entry }: (typeof places)[number]) =>
      entry.channel.type === ChannelType.PrivateThread;
    expect(seen((place, id) => isPrivate(place) && place.entry.threadMembers.has(id))).toBe(true);
    expect(seen((place, id) => isPrivate(place) && !place.entry.threadMembers.has(id))).toBe(true);
    const unseenByItsMembers = places
      .filter(isPrivate)
      .some(({ guild, entry }) =>
        [...entry.threadMembers].some((userId) => !canView(guild, entry.channel, userId)),
      );
    expect(unseenByItsMembers).toBe(true);
  });
});

describe('ids', () => {
  it('are snowflakes of the posting time, rising in each channel', () => {
    for (const { entry } of places) {
      for (const [index, message] of entry.messages.entries()) {
        expect(message.id).toMatch(/^\d{17,19}$/);
        expect(idTimeMs(message.id)).toBe(Date.parse(message.timestamp));
        expect(Date.parse(message.timestamp)).toBeLessThan(WORLD_END_MS);
        expect(
          compareIds(message.id, entry.messages[index - 1]?.id ?? entry.channel.id),
        ).toBeGreaterThanOrEqual(index === 0 ? 0 : 1);
      }
    }
  });

  it('are unique over the whole world, but for threads that share the id of their message', () => {
    const messageIds = messages.map(({ id }) => id);
    const fileIds = files.map(({ id }) => id);
    const channelIds = places.map(({ entry }) => entry.channel.id);
    expect(new Set([...messageIds, ...fileIds]).size).toBe(messageIds.length + fileIds.length);
    expect(new Set(channelIds).size).toBe(channelIds.length);
  });

  it('reach over about five years', () => {
    const times = messages.map(({ id }) => idTimeMs(id));
    const [first, last] = times.reduce(
      ([low, high], time) => [Math.min(low, time), Math.max(high, time)],
      [Number.POSITIVE_INFINITY, 0],
    );
    expect(last - first).toBeGreaterThan(4.8 * 365 * DAY_MS);
    expect(WORLD_END_MS - last).toBeLessThan(3 * DAY_MS);
  });
});

describe('messages', () => {
  it('name only users, roles and messages that exist', () => {
    const byId = new Map(messages.map((message) => [message.id, message]));
    for (const { guild, entry } of places) {
      for (const message of entry.messages) {
        expect(message.channel_id).toBe(entry.channel.id);
        expect(guild.members.has(message.author.id)).toBe(true);
        expect(message.mentions.every((user) => guild.members.has(user.id))).toBe(true);
        expect(message.mention_roles.every((id) => guild.roles.has(id))).toBe(true);
        expect(`${message.content}${message.poll ? 'poll' : ''}`).not.toMatch(/[{}]\w+[{}]|undefined/);
        const answered = message.message_reference?.message_id;
        if (answered !== undefined) expect(byId.has(answered)).toBe(true);
      }
    }
  });

  it('come with replies, edits, reactions, polls, pins, joins, threads and forwards', () => {
    const has = (test: (message: WorldMessage) => boolean) => messages.filter(test).length;
    for (const type of [0, 6, 7, 18, 19, 21])
      expect(
        has((message) => message.type === type),
        `type ${type}`,
      ).toBeGreaterThan(3);
    expect(has((message) => message.edited_timestamp !== null)).toBeGreaterThan(300);
    expect(has((message) => (message.reactions ?? []).length > 0)).toBeGreaterThan(1000);
    expect(has((message) => message.poll !== undefined)).toBeGreaterThan(3);
    expect(has((message) => (message.components ?? []).length > 0)).toBeGreaterThan(3);
    expect(has((message) => message.attachments.filter(({ clip }) => clip).length > 1)).toBeGreaterThan(20);
  });

  it('say something else above nearly every video', () => {
    const captions = messages
      .filter(({ attachments, content }) => content !== '' && attachments.some(({ clip }) => clip))
      .map(({ content }) => content);
    expect(new Set(captions).size).toBeGreaterThan(captions.length * 0.9);
  });
});

describe('video files', () => {
  const videos = files.filter((file) => file.clip !== undefined);

  it('are committed clips with their true measures', () => {
    for (const video of videos) {
      const clip = clips.find(({ file }) => file === video.clip);
      expect(video.size).toBe(clip?.sizeBytes);
      if (video.width !== undefined) {
        expect([video.width, video.height, video.duration_secs]).toEqual([
          clip?.width,
          clip?.height,
          clip?.durationSecs,
        ]);
        expect(video.placeholder).toBe(clip?.placeholder);
      }
    }
  });

  it('lack now and then what Discord leaves out', () => {
    expect(videos.filter((video) => video.content_type === undefined).length).toBeGreaterThan(5);
    expect(videos.filter((video) => video.width === undefined).length).toBeGreaterThan(5);
  });

  it('bear all sorts of names', () => {
    const names = videos.map(({ filename }) => filename);
    const patterns = [
      /^clip\.mp4$/,
      /^VID_\d{8}_\d{6}\.mp4$/,
      /^SPOILER_/,
      /\.(MP4|MOV|WEBM)$/,
      /["']/,
      / /,
      /\p{Emoji_Presentation}/u,
      /^.{180,}$/,
    ];
    for (const pattern of patterns)
      expect(
        names.some((name) => pattern.test(name)),
        String(pattern),
      ).toBe(true);
    expect(videos.filter(({ title }) => title !== undefined && /[^ -~]/.test(title)).length).toBeGreaterThan(
      5,
    );
    expect(new Set(names).size).toBeLessThan(names.length * 0.8);
  });
});

function fingerprint(made: World): string {
  const plain = (_key: string, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value;
  return createHash('sha256').update(JSON.stringify(made, plain)).digest('hex');
}
