import type { APIUser } from 'discord-api-types/v10';
import type { WorldMessage } from '../world.ts';
import { addAfterlife } from './afterlife.ts';
import type { GuildScene } from './guild-scene.ts';
import type { ChannelScene, Moment } from './moment.ts';
import { type PostKind, postWriters } from './posts.ts';
import type { Random } from './random.ts';
import { type Beat, makeBeats } from './rhythm.ts';
import { pickVideoCount } from './videos.ts';

const openingKinds: Partial<Record<PostKind, number>> = {
  opener: 82,
  file: 8,
  link: 6,
  videoEmbed: 1,
  poll: 1,
  forward: 2,
};
const followingKinds: Partial<Record<PostKind, number>> = {
  answer: 60,
  reply: 24,
  mention: 5,
  file: 4,
  emoji: 4,
  link: 1,
  gif: 0.5,
  pin: 0.4,
};

/** How often the community's bot opens with a gallery of the week. */
const DIGEST_CHANCE = 0.003;

/** Fills a channel with conversations. The last message lies before `toMs`, the first after `fromMs`. */
export function writeMessages(scene: GuildScene, channel: ChannelScene): void {
  const { random, entry } = channel;
  const beats = makeBeats(random, channel.fromMs, channel.toMs, channel.count);
  const videoCounts = placeVideos(random, beats, channel.videos);
  let company: APIUser[] = [];
  for (const [index, beat] of beats.entries()) {
    if (beat.isOpener || company.length === 0) company = gather(scene, channel, beat.timeMs);
    const moment: Moment = {
      scene,
      channel,
      timeMs: beat.timeMs,
      author: nextSpeaker(random, company, entry.messages.at(-1)),
      company,
      videoCount: videoCounts.get(index) ?? 0,
    };
    const message = postWriters[pickKind(channel, moment, beat)](moment);
    addAfterlife(moment, message);
    entry.messages.push(message);
    if (message.attachments.some(({ clip }) => clip !== undefined)) scene.forwardable.push(message);
  }
}

function pickKind({ random, plan }: ChannelScene, moment: Moment, beat: Beat): PostKind {
  if (moment.videoCount > 0) return 'video';
  if (plan.book === 'tech' && random.chance(0.05)) return 'code';
  if (plan.type === 'announcement' || plan.access?.isReadOnly) return 'opener';
  if (beat.isOpener && moment.scene.cast.helper && random.chance(DIGEST_CHANCE)) return 'digest';
  return random.weighted(beat.isOpener ? openingKinds : followingKinds);
}

/** Mostly someone else than who spoke last. */
function nextSpeaker(random: Random, company: readonly APIUser[], last: WorldMessage | undefined): APIUser {
  const speaker = random.pick(company);
  return speaker.id === last?.author.id && random.chance(0.8) ? random.pick(company) : speaker;
}

/** Those who take part in one conversation. */
function gather(scene: GuildScene, { random, plan }: ChannelScene, timeMs: number): APIUser[] {
  if (plan.type === 'announcement' || plan.access?.isReadOnly) return [random.pick(scene.cast.moderators)];
  const company = new Set<APIUser>();
  const wanted = random.int(2, 5);
  for (let tries = 0; tries < wanted; tries += 1) company.add(scene.cast.speaker(random, timeMs));
  return [...company];
}

/** Which messages carry how many videos: those that open a conversation first. */
function placeVideos(random: Random, beats: readonly Beat[], videos: number): Map<number, number> {
  const openers: number[] = [];
  const others: number[] = [];
  for (const [index, beat] of beats.entries())
    (beat.isOpener || random.chance(0.1) ? openers : others).push(index);
  const counts = new Map<number, number>();
  let placed = 0;
  for (const index of [...random.shuffled(openers), ...others]) {
    if (placed >= videos) break;
    const count = Math.min(videos - placed, pickVideoCount(random));
    counts.set(index, count);
    placed += count;
  }
  return counts;
}
