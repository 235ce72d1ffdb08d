import { MessageType } from 'discord-api-types/v10';
import { compareIds } from '../ids.ts';
import type { WorldChannel } from '../world.ts';
import type { GuildScene } from './guild-scene.ts';
import { makeMessage } from './message.ts';
import { WORLD_END_MS } from './world-time.ts';

/** Discord's own message for each member who came after the channel was made. */
export function writeGreetings(scene: GuildScene, entry: WorldChannel, fromMs: number): void {
  for (const { user, joined_at } of scene.guild.members.values()) {
    const timeMs = Date.parse(joined_at ?? '');
    if (!(timeMs > fromMs && timeMs < WORLD_END_MS)) continue;
    const seed = { id: scene.mintId(timeMs), channelId: entry.channel.id, author: user, timeMs, content: '' };
    entry.messages.push(makeMessage(seed, { type: MessageType.UserJoin }));
  }
  entry.messages.sort((a, b) => compareIds(a.id, b.id));
}
