import {
  type APIUser,
  ChannelType,
  MessageFlags,
  MessageReferenceType,
  MessageType,
  ThreadAutoArchiveDuration,
} from 'discord-api-types/v10';
import type { WorldAttachment, WorldChannel, WorldMessage } from '../world.ts';
import type { ChannelPlan, ThreadPlan } from './guild-plan.ts';
import { addChannel, type GuildScene } from './guild-scene.ts';
import { makeMessage } from './message.ts';
import { writeMessages } from './messages.ts';
import { bookNamed } from './phrases/books.ts';
import type { Random } from './random.ts';
import { createSpeech, type Speech } from './speech.ts';
import { makeMovingThumbnail } from './videos.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, timestampOf, WORLD_END_MS } from './world-time.ts';

const threadTypes = {
  public: ChannelType.PublicThread,
  private: ChannelType.PrivateThread,
  announcement: ChannelType.AnnouncementThread,
} as const;

const autoArchiveDurations = [
  ThreadAutoArchiveDuration.OneDay,
  ThreadAutoArchiveDuration.ThreeDays,
  ThreadAutoArchiveDuration.OneWeek,
] as const;
/** Threads that are to be active at the end begin within its last days, archived ones well before. */
const ACTIVE_SINCE_MS = 4 * DAY_MS;
const ARCHIVED_BEFORE_MS = 30 * DAY_MS;
/** A thread grows out of a message at least half as often as it is begun on its own. */
const FROM_MESSAGE_CHANCE = 0.6;

type Beginning = { id: string; startMs: number; starter: APIUser };

/** Adds the planned threads of a channel, or the posts of a forum. */
export function writeThreads(
  scene: GuildScene,
  parentPlan: ChannelPlan,
  parent: WorldChannel,
  plan: ThreadPlan,
  parentCreatedMs: number,
): void {
  const random = scene.random.fork(`${parentPlan.name} ${plan.kind} threads`);
  const speech = createSpeech(random, bookNamed(parentPlan.book));
  for (let place = 0; place < plan.count; place += 1) {
    const isActive = place < plan.active;
    const startMs = isActive
      ? WORLD_END_MS - random.int(12 * HOUR_MS, ACTIVE_SINCE_MS)
      : random.int(parentCreatedMs + DAY_MS, WORLD_END_MS - ARCHIVED_BEFORE_MS);
    const title = speech.say(speech.book.titles);
    const beginning = begin(scene, random, parent, plan, startMs, title);
    const entry = addChannel(scene, makeThread(random, parent, plan, beginning, title));
    const isPost = parentPlan.type === 'forum' || parentPlan.type === 'media';
    openThread(scene, speech, random, parent, entry, plan, beginning, isPost);
    const videos = shareOf(plan.videos, plan.count, place);
    const lastMs = isActive ? WORLD_END_MS : beginning.startMs + random.int(1, 12) * DAY_MS;
    writeMessages(scene, {
      random,
      speech,
      entry,
      plan: parentPlan.type === 'announcement' ? { ...parentPlan, type: 'text', access: {} } : parentPlan,
      fromMs: beginning.startMs + MINUTE_MS,
      toMs: Math.max(lastMs, beginning.startMs + 4 * HOUR_MS),
      count: random.int(...plan.messages),
      videos,
    });
    settle(scene, random, entry, plan, isActive);
  }
}

function begin(
  scene: GuildScene,
  random: Random,
  parent: WorldChannel,
  plan: ThreadPlan,
  aboutMs: number,
  title: string,
): Beginning {
  const alone = () => ({
    id: scene.mintId(aboutMs),
    startMs: aboutMs,
    starter: scene.cast.speaker(random, aboutMs),
  });
  if (plan.kind === 'private' || parent.messages.length === 0) return alone();
  const index = parent.messages.findIndex(({ timestamp }) => Date.parse(timestamp) >= aboutMs);
  const source = parent.messages[index];
  if (!source || source.type !== MessageType.Default || (source.flags ?? 0) !== 0) return alone();
  const startMs = Date.parse(source.timestamp);
  if (plan.kind === 'announcement' || random.chance(FROM_MESSAGE_CHANCE)) {
    source.flags = MessageFlags.HasThread;
    return { id: source.id, startMs, starter: source.author };
  }
  if (source.attachments.length > 0) return alone();
  const id = scene.mintId(startMs + 1);
  parent.messages[index] = makeMessage(
    { id: source.id, channelId: parent.channel.id, author: source.author, timeMs: startMs, content: title },
    {
      type: MessageType.ThreadCreated,
      message_reference: { type: MessageReferenceType.Default, channel_id: id, guild_id: scene.guild.id },
    },
  );
  return { id, startMs, starter: source.author };
}

function makeThread(
  random: Random,
  parent: WorldChannel,
  plan: ThreadPlan,
  { id, startMs, starter }: Beginning,
  title: string,
): WorldChannel['channel'] {
  const tags = 'available_tags' in parent.channel ? parent.channel.available_tags : [];
  return {
    id,
    type: threadTypes[plan.kind],
    name: title.slice(0, 100),
    parent_id: parent.channel.id,
    owner_id: starter.id,
    rate_limit_per_user: 0,
    ...(tags.length > 0 && {
      applied_tags: random
        .shuffled(tags)
        .slice(0, random.int(0, 2))
        .map((tag) => tag.id),
    }),
    thread_metadata: {
      archived: false,
      auto_archive_duration: random.pick(autoArchiveDurations),
      archive_timestamp: timestampOf(startMs),
      locked: false,
      create_timestamp: timestampOf(startMs),
      ...(plan.kind === 'private' && { invitable: true }),
    },
  };
}

/** The first message: a forum post's has the thread's id, a thread from a message points back to it. */
function openThread(
  scene: GuildScene,
  speech: Speech,
  random: Random,
  parent: WorldChannel,
  entry: WorldChannel,
  plan: ThreadPlan,
  { id, startMs, starter }: Beginning,
  isPost: boolean,
): void {
  const seed = { channelId: entry.channel.id, author: starter, timeMs: startMs };
  if (isPost) {
    const scenery = { random, mintId: scene.mintId, book: speech.book, timeMs: startMs, company: [] };
    const isMedia = parent.channel.type === ChannelType.GuildMedia;
    const attachments: WorldAttachment[] = isMedia ? [makeMovingThumbnail(scenery)] : [];
    entry.messages.push(
      makeMessage({ ...seed, id, content: speech.say(speech.book.openers) }, { attachments }),
    );
  } else if (plan.kind !== 'private' && parent.messages.some((message) => message.id === id)) {
    entry.messages.push(
      makeMessage(
        { ...seed, id: scene.mintId(startMs + 1), content: '' },
        starterReference(scene, parent, id),
      ),
    );
  }
}

function starterReference(scene: GuildScene, parent: WorldChannel, id: string): Partial<WorldMessage> {
  return {
    type: MessageType.ThreadStarterMessage,
    message_reference: {
      type: MessageReferenceType.Default,
      message_id: id,
      channel_id: parent.channel.id,
      guild_id: scene.guild.id,
    },
  };
}

/** Who belongs to the thread, and whether it sleeps by now. */
function settle(
  scene: GuildScene,
  random: Random,
  entry: WorldChannel,
  plan: ThreadPlan,
  isActive: boolean,
): void {
  for (const message of entry.messages) if (!message.author.bot) entry.threadMembers.add(message.author.id);
  if (plan.kind === 'private' && random.chance(0.5)) entry.threadMembers.add(scene.clipdex.id);
  const { channel } = entry;
  const metadata = 'thread_metadata' in channel ? channel.thread_metadata : undefined;
  if (!metadata) return;
  const lastMs = Date.parse(entry.messages.at(-1)?.timestamp ?? metadata.archive_timestamp);
  metadata.archived = !isActive;
  metadata.locked = !isActive && random.chance(0.1);
  metadata.archive_timestamp = timestampOf(
    isActive ? lastMs : lastMs + metadata.auto_archive_duration * MINUTE_MS,
  );
}

/** Splits `total` evenly over `parts`; the first parts take what is left over. */
function shareOf(total: number, parts: number, place: number): number {
  return Math.floor(total / parts) + (place < total % parts ? 1 : 0);
}
