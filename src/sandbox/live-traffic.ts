import { type APIUser, MessageReferenceType, MessageType, PermissionFlagsBits } from 'discord-api-types/v10';
import {
  type Channel,
  holdsMessages,
  isAgeRestricted,
  isArchived,
  isThread,
  parentIdOf,
} from './channels.ts';
import { makeMessage } from './generate/message.ts';
import { bookNamed } from './generate/phrases/books.ts';
import { plannedBook } from './generate/plans/all-plans.ts';
import type { Random } from './generate/random.ts';
import { createSpeech } from './generate/speech.ts';
import { makeVideo } from './generate/videos.ts';
import { DAY_MS, MINUTE_MS, timestampOf, WORLD_END_MS } from './generate/world-time.ts';
import { idTimeMs } from './ids.ts';
import { canOpenChat, channelPermissions, hasPermission } from './permissions.ts';
import type { World, WorldChannel, WorldGuild, WorldMessage } from './world.ts';

/** What happens next in a living world. */
export type LiveChange = { guildId: string; channelId: string } & (
  | { kind: 'post'; message: WorldMessage }
  | { kind: 'edit'; messageId: string; content: string; editedAt: string }
  | { kind: 'delete'; messageId: string }
);

const VIDEO_CHANCE = 0.2;
const REPLY_CHANCE = 0.3;
const changeShares = { post: 90, edit: 7, delete: 3 } as const;
/** People correct and remove what they have just written, not what is old. */
const RECENT_MS = 30 * MINUTE_MS;
/** Nobody writes in an archive: what was silent for so long at the world's end stays silent. */
const QUIET_AFTER_MS = 90 * DAY_MS;
/** Enough to know what was said lately. */
const REMEMBERED_MESSAGES = 40;
const LOW_BITS = 22n;

type Place = { guild: WorldGuild; entry: WorldChannel };

/**
 * The next thing that someone does, changing nothing itself: mostly a message, one in five with a video; now and
 * then a recent live message is edited or deleted. Undefined when there is no channel to write in.
 */
export function nextLivePost(world: World, random: Random, nowMs: number): LiveChange | undefined {
  const places = livelyPlaces(world);
  if (places.length === 0) return undefined;
  const kind = random.weighted(changeShares);
  const recent = kind === 'post' ? undefined : pickRecent(places, random, nowMs);
  if (!recent) return writePost(pickPlace(places, random), random, nowMs);
  const { place, message } = recent;
  const target = { guildId: place.guild.id, channelId: place.entry.channel.id, messageId: message.id };
  if (kind === 'delete') return { ...target, kind };
  const addition = random.pick(additions);
  return {
    ...target,
    kind: 'edit',
    content: `${message.content} ${addition}`.trim(),
    editedAt: timestampOf(nowMs),
  };
}

const additions = [
  '(edit: typo)',
  '*fixed the name',
  '(sound on!)',
  'edit: wrong link, sorry',
  '✏️',
  '(thanks, corrected)',
];

/** Where people write these days: open channels of the bot's guilds, none age-restricted. */
function livelyPlaces(world: World): Place[] {
  const joined = [...world.guilds.values()].filter((guild) => guild.botJoined && !guild.isUnavailable);
  return joined.flatMap((guild) =>
    [...guild.channels.values()].filter((entry) => isLively(guild, entry)).map((entry) => ({ guild, entry })),
  );
}

function isLively(guild: WorldGuild, { channel, messages }: WorldChannel): boolean {
  const last = messages.at(-1);
  const isQuiet = !last || messages.length < 2 || idTimeMs(last.id) < WORLD_END_MS - QUIET_AFTER_MS;
  return holdsMessages(channel) && !isQuiet && !isArchived(channel) && !isAgeRestricted(guild, channel);
}

/** Busy channels stay busy, quiet ones get a word now and then. */
function pickPlace(places: readonly Place[], random: Random): Place {
  const weights = places.map(({ entry }) => Math.sqrt(entry.messages.length));
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = places.find((_, index) => {
    rest -= weights[index] ?? 0;
    return rest < 0;
  });
  return found ?? random.pick(places);
}

function pickRecent(places: readonly Place[], random: Random, nowMs: number) {
  const since = Math.max(WORLD_END_MS, nowMs - RECENT_MS);
  const candidates = places.flatMap((place) =>
    place.entry.messages
      .slice(-REMEMBERED_MESSAGES)
      .filter((message) => idTimeMs(message.id) >= since && message.content !== '' && !message.author.bot)
      .map((message) => ({ place, message })),
  );
  return candidates.length > 0 ? random.pick(candidates) : undefined;
}

function writePost({ guild, entry }: Place, random: Random, nowMs: number): LiveChange | undefined {
  const writers = writersOf(guild, entry.channel);
  if (writers.length === 0) return undefined;
  const last = entry.messages.at(-1);
  // A clock behind the generated world must not break the order of ids.
  const timeMs = Math.max(nowMs, last ? idTimeMs(last.id) + 1 : 0);
  const mintId = (atMs: number) => idAt(atMs, random);
  const book = bookNamed(bookNameOf(guild, entry.channel));
  const recentTexts = entry.messages.slice(-REMEMBERED_MESSAGES).map(({ content }) => content);
  const speech = createSpeech(random, book, new Set(recentTexts));
  const author = random.pick(writers);
  const hasVideo = random.chance(VIDEO_CHANCE);
  const isAnswer =
    last !== undefined && timeMs - idTimeMs(last.id) < RECENT_MS && last.author.id !== author.id;
  const isReply = !hasVideo && isAnswer && random.chance(REPLY_CHANCE);
  const content = hasVideo ? speech.caption() : speech.say(isAnswer ? book.answers : book.openers);
  const message = makeMessage(
    { id: mintId(timeMs), channelId: entry.channel.id, author, timeMs, content },
    {
      ...(hasVideo && { attachments: [makeVideo({ random, mintId, book, timeMs, company: writers })] }),
      ...(isReply && {
        type: MessageType.Reply,
        mentions: [last.author],
        message_reference: {
          type: MessageReferenceType.Default,
          message_id: last.id,
          channel_id: entry.channel.id,
          guild_id: guild.id,
        },
      }),
    },
  );
  return { kind: 'post', guildId: guild.id, channelId: entry.channel.id, message };
}

function writersOf(guild: WorldGuild, channel: Channel): APIUser[] {
  const needed = isThread(channel)
    ? PermissionFlagsBits.SendMessagesInThreads
    : PermissionFlagsBits.SendMessages;
  return [...guild.members.values()]
    .map(({ user }) => user)
    .filter((user) => !user.bot && canOpenChat(guild, channel, user.id))
    .filter((user) => hasPermission(channelPermissions(guild, channel, user.id), needed));
}

/** A thread's talk is that of its parent. */
function bookNameOf(guild: WorldGuild, channel: Channel) {
  const named = isThread(channel) ? guild.channels.get(parentIdOf(channel) ?? '')?.channel : channel;
  return plannedBook(guild.name, (named && 'name' in named && named.name) || '');
}

/** An id of that time; the low bits are drawn, so that ids of one millisecond differ. */
function idAt(timeMs: number, random: Random): string {
  const discordEpochMs = idTimeMs('0');
  return String(
    (BigInt(Math.trunc(timeMs) - discordEpochMs) << LOW_BITS) | BigInt(random.int(0, 2 ** 22 - 1)),
  );
}
