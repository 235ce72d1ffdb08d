import { ChannelType } from 'discord-api-types/v10';
import type { WorldChannel } from '../world.ts';
import { writeGreetings } from './greetings.ts';
import type { ChannelPlan } from './guild-plan.ts';
import { addChannel, type GuildScene } from './guild-scene.ts';
import { writeMessages } from './messages.ts';
import { makeOverwrites } from './overwrites.ts';
import { bookNamed } from './phrases/books.ts';
import { createSpeech } from './speech.ts';
import { writeThreads } from './threads.ts';
import { HOUR_MS, WORLD_END_MS } from './world-time.ts';

const channelTypes = {
  text: ChannelType.GuildText,
  announcement: ChannelType.GuildAnnouncement,
  voice: ChannelType.GuildVoice,
  stage: ChannelType.GuildStageVoice,
  forum: ChannelType.GuildForum,
  media: ChannelType.GuildMedia,
} as const;

/** A guild's categories and channels with all that was posted in them, in the order of the plan. */
export function writeChannels(scene: GuildScene): void {
  let position = 0;
  for (const category of scene.plan.categories) {
    const categoryId = scene.mintId(scene.foundedMs + position * HOUR_MS);
    addChannel(scene, {
      id: categoryId,
      type: ChannelType.GuildCategory,
      name: category.name,
      position,
      permission_overwrites: [],
      parent_id: null,
    });
    for (const plan of category.channels) {
      position += 1;
      writeChannel(scene, plan, categoryId, position);
    }
    position += 1;
  }
}

function writeChannel(scene: GuildScene, plan: ChannelPlan, parentId: string, position: number): void {
  const createdMs = plan.createdAt ? Date.parse(plan.createdAt) : scene.foundedMs + position * HOUR_MS;
  const entry = addChannel(scene, makeChannel(scene, plan, createdMs, parentId, position));
  const random = scene.random.fork(plan.name);
  const speech = createSpeech(random, bookNamed(plan.book), scene.captionsSaid);
  const count = plan.messages ?? 0;
  const videos = plan.type === 'forum' || plan.type === 'media' ? 0 : (plan.videos ?? 0);
  if (count > 0) {
    writeMessages(scene, {
      random,
      speech,
      entry,
      plan,
      fromMs: createdMs + HOUR_MS,
      toMs: WORLD_END_MS,
      count,
      videos,
    });
  }
  if (plan.isGreeting) writeGreetings(scene, entry, createdMs);
  for (const threads of plan.threads ?? []) writeThreads(scene, plan, entry, threads, createdMs);
}

function makeChannel(
  scene: GuildScene,
  plan: ChannelPlan,
  createdMs: number,
  parentId: string,
  position: number,
): WorldChannel['channel'] {
  const common = {
    id: scene.mintId(createdMs),
    name: plan.name,
    position,
    parent_id: parentId,
    nsfw: plan.isNsfw ?? false,
    permission_overwrites: makeOverwrites(scene, {
      isReadOnly: plan.type === 'announcement',
      ...plan.access,
    }),
    rate_limit_per_user: 0,
    flags: 0,
  };
  const topic = plan.topic ?? null;
  switch (plan.type) {
    case 'voice':
    case 'stage':
      return { ...common, type: channelTypes[plan.type], bitrate: 64_000, user_limit: 0, rtc_region: null };
    case 'forum':
      return {
        ...common,
        ...threadOnly(scene, plan, createdMs),
        topic,
        type: channelTypes.forum,
        default_forum_layout: 0,
      };
    case 'media':
      return { ...common, ...threadOnly(scene, plan, createdMs), topic, type: channelTypes.media };
    default:
      return { ...common, topic, type: channelTypes[plan.type] };
  }
}

function threadOnly(scene: GuildScene, plan: ChannelPlan, createdMs: number) {
  return {
    available_tags: (plan.tags ?? []).map((name, place) => ({
      id: scene.mintId(createdMs + place),
      name,
      moderated: false,
      emoji_id: null,
      emoji_name: null,
    })),
    default_reaction_emoji: null,
    default_sort_order: null,
  };
}
