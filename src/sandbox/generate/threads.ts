import { ChannelType, MessageFlags, MessageReferenceType, MessageType } from 'discord-api-types/v10';
import type { WorldChannel } from '../world.ts';
import type { ChannelPlan, ThreadPlan } from './guild-plan.ts';
import { addChannel, type GuildScene } from './guild-scene.ts';
import { makeMessage } from './message.ts';
import { writeMessages } from './messages.ts';
import type { PhraseBook } from './phrases/book.ts';
import { bookNamed } from './phrases/books.ts';
import type { Random } from './random.ts';
import { createSpeech, type Speech } from './speech.ts';
import { type Beginning, makeThread, settleThread } from './thread-channel.ts';
import { makeMovingThumbnail, makeVideo } from './videos.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, WORLD_END_MS } from './world-time.ts';

/** Threads that are active at the end began within its last weeks, archived ones well before. */
const ACTIVE_SINCE_MS = 20 * DAY_MS;
const ARCHIVED_BEFORE_MS = 40 * DAY_MS;
/** How often a thread grows out of a message rather than being begun on its own. */
const FROM_MESSAGE_CHANCE = 0.6;

type ThreadScene = {
  scene: GuildScene;
  random: Random;
  speech: Speech;
  parent: WorldChannel;
  parentPlan: ChannelPlan;
  plan: ThreadPlan;
};

/** Adds the planned threads of a channel, or the posts of a forum. */
export function writeThreads(
  scene: GuildScene,
  parentPlan: ChannelPlan,
  parent: WorldChannel,
  plan: ThreadPlan,
  parentCreatedMs: number,
): void {
  const random = scene.random.fork(`${parentPlan.name} ${plan.kind} threads`);
  const own = bookNamed(parentPlan.book);
  const book = plan.kind === 'announcement' ? chatAbout(own) : own;
  const thread = {
    scene,
    random,
    speech: createSpeech(random, book, scene.captionsSaid),
    parent,
    parentPlan,
    plan,
  };
  for (let place = 0; place < plan.count; place += 1) {
    const isActive = place < plan.active;
    const aboutMs = isActive
      ? WORLD_END_MS - random.int(2 * DAY_MS, ACTIVE_SINCE_MS)
      : random.int(parentCreatedMs + DAY_MS, WORLD_END_MS - ARCHIVED_BEFORE_MS);
    const entry = writeThread(thread, aboutMs, isActive, shareOf(plan.videos, plan.count, place));
    if (plan.kind === 'private' && place % 2 === 0) entry.threadMembers.add(scene.clipdex.id);
  }
}

function writeThread(thread: ThreadScene, aboutMs: number, isActive: boolean, videos: number): WorldChannel {
  const { scene, random, speech, parent, parentPlan, plan } = thread;
  const title = speech.say(speech.book.titles);
  const beginning = begin(thread, aboutMs, title);
  const entry = addChannel(scene, makeThread(random, parent, plan, beginning, title));
  const opened = openThread(thread, entry, beginning, videos);
  const endMs = isActive ? WORLD_END_MS : beginning.startMs + random.int(1, 12) * DAY_MS;
  writeMessages(scene, {
    random,
    speech,
    entry,
    plan: parentPlan.type === 'announcement' ? { ...parentPlan, type: 'text' } : parentPlan,
    fromMs: beginning.startMs + MINUTE_MS,
    toMs: Math.max(endMs, beginning.startMs + 4 * HOUR_MS),
    count: random.int(...plan.messages),
    videos: videos - opened,
  });
  settleThread(random, entry, isActive);
  return entry;
}

/** Finds a message of the parent that the thread grows out of, or lets someone begin it. */
function begin({ scene, random, parent, plan }: ThreadScene, aboutMs: number, title: string): Beginning {
  const source = parent.messages.find(({ timestamp }) => Date.parse(timestamp) >= aboutMs);
  const isUsable =
    source?.type === MessageType.Default && source.flags === undefined && plan.kind !== 'private';
  if (!source || !isUsable) {
    const starter = scene.cast.speaker(random, aboutMs);
    return { id: scene.mintId(aboutMs), startMs: aboutMs, starter, isFromMessage: false };
  }
  const startMs = Date.parse(source.timestamp);
  if (plan.kind === 'announcement' || source.attachments.length > 0 || random.chance(FROM_MESSAGE_CHANCE)) {
    source.flags = MessageFlags.HasThread;
    return { id: source.id, startMs, starter: source.author, isFromMessage: true };
  }
  // Begun on its own: the parent tells of it in a message of Discord's.
  const id = scene.mintId(startMs + 1);
  const seed = {
    id: source.id,
    channelId: parent.channel.id,
    author: source.author,
    timeMs: startMs,
    content: title,
  };
  parent.messages[parent.messages.indexOf(source)] = makeMessage(seed, {
    type: MessageType.ThreadCreated,
    message_reference: { type: MessageReferenceType.Default, channel_id: id, guild_id: scene.guild.id },
  });
  return { id, startMs, starter: source.author, isFromMessage: false };
}

/** Writes what a thread begins with and answers how many videos that took. */
function openThread(thread: ThreadScene, entry: WorldChannel, beginning: Beginning, videos: number): number {
  const { scene, random, speech, parent } = thread;
  const { id, startMs, starter, isFromMessage } = beginning;
  const seed = { channelId: entry.channel.id, author: starter, timeMs: startMs };
  if (isFromMessage) {
    const reference = { message_id: id, channel_id: parent.channel.id, guild_id: scene.guild.id };
    entry.messages.push(
      makeMessage(
        { ...seed, id: scene.mintId(startMs + 1), timeMs: startMs + 1, content: '' },
        {
          type: MessageType.ThreadStarterMessage,
          message_reference: { type: MessageReferenceType.Default, ...reference },
        },
      ),
    );
    return 0;
  }
  // A post's first message has the id of the post.
  if (parent.channel.type === ChannelType.GuildForum) {
    entry.messages.push(makeMessage({ ...seed, id, content: speech.say(speech.book.openers) }));
  }
  if (parent.channel.type !== ChannelType.GuildMedia || videos === 0) return 0;
  const scenery = { random, mintId: scene.mintId, book: speech.book, timeMs: startMs, company: [starter] };
  const attachments = [makeVideo(scenery), makeMovingThumbnail(scenery)];
  entry.messages.push(makeMessage({ ...seed, id, content: speech.caption() }, { attachments }));
  return 1;
}

/** Under an announcement everybody chats, under titles that still name what was announced. */
function chatAbout(announced: PhraseBook): PhraseBook {
  const chat = bookNamed('lounge');
  return { ...chat, titles: announced.titles, slots: { ...chat.slots, ...announced.slots } };
}

/** Splits `total` evenly over `parts`; the first parts take what is left over. */
function shareOf(total: number, parts: number, place: number): number {
  return Math.floor(total / parts) + (place < total % parts ? 1 : 0);
}
