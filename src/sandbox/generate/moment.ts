import type { APIUser } from 'discord-api-types/v10';
import type { WorldChannel, WorldMessage } from '../world.ts';
import type { ChannelPlan } from './guild-plan.ts';
import type { GuildScene } from './guild-scene.ts';
import type { Random } from './random.ts';
import type { Speech } from './speech.ts';

/** A channel or thread while it is filled. */
export type ChannelScene = {
  random: Random;
  speech: Speech;
  entry: WorldChannel;
  plan: ChannelPlan;
  fromMs: number;
  toMs: number;
  count: number;
  /** Video files to attach over all messages. */
  videos: number;
};

/** The circumstances of one post. */
export type Moment = {
  scene: GuildScene;
  channel: ChannelScene;
  timeMs: number;
  author: APIUser;
  /** Who takes part in the conversation. */
  company: readonly APIUser[];
  videoCount: number;
};

/** One of the newest messages of the channel, which people would still answer. */
export function recentMessage({ entry, random }: ChannelScene): WorldMessage | undefined {
  return entry.messages.at(-random.int(1, Math.min(4, entry.messages.length || 1)));
}
