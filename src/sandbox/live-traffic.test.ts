import { describe, expect, it } from 'vitest';
import { isAgeRestricted, isArchived } from './channels.ts';
import { generateWorld } from './generate/generate-world.ts';
import { createRandom } from './generate/random.ts';
import { compareIds, idTimeMs } from './ids.ts';
import { type LiveChange, nextLivePost } from './live-traffic.ts';
import { canView } from './permissions.ts';
import type { World } from './world.ts';

const START_MS = Date.UTC(2026, 10, 22, 18);
const STEP_MS = 5000;

describe('nextLivePost', () => {
  it('posts in open channels, by members, with rising ids of the time', () => {
    const world = generateWorld(1);
    for (const { change, nowMs } of play(world, 400, START_MS)) {
      const guild = world.guilds.get(change.guildId);
      const entry = guild?.channels.get(change.channelId);
      if (!guild || !entry) throw new Error('a change names a channel that does not exist');
      expect(guild.botJoined).toBe(true);
      expect(isArchived(entry.channel) || isAgeRestricted(guild, entry.channel)).toBe(false);
      if (change.kind !== 'post') continue;
      const { message } = change;
      expect(canView(guild, entry.channel, message.author.id)).toBe(true);
      expect(message.author.bot).not.toBe(true);
      expect(idTimeMs(message.id)).toBe(nowMs);
      expect(idTimeMs(message.id)).toBe(Date.parse(message.timestamp));
      expect(`${message.content}${message.attachments.length}`).not.toBe('0');
    }
    expectRisingIds(world);
  });

  it('brings a video about one time in five, some edits and few deletions, only of what is recent and live', () => {
    const changes = play(generateWorld(1), 600, START_MS).map(({ change }) => change);
    const posts = changes.filter((change) => change.kind === 'post');
    const videos = posts.filter(({ message }) => message.attachments.some(({ clip }) => clip));
    expect(videos.length / posts.length).toBeGreaterThan(0.14);
    expect(videos.length / posts.length).toBeLessThan(0.26);
    const targets = changes.flatMap((change) => (change.kind === 'post' ? [] : [change.messageId]));
    expect(changes.filter(({ kind }) => kind === 'edit').length).toBeGreaterThan(5);
    expect(changes.filter(({ kind }) => kind === 'delete').length).toBeGreaterThan(3);
    const posted = new Set(posts.map(({ message }) => message.id));
    expect(targets.every((id) => posted.has(id))).toBe(true);
  });

  it('answers the same for the same arguments and changes nothing', () => {
    const world = generateWorld(1);
    const before = countMessages(world);
    const [first, second] = [1, 2].map(() => nextLivePost(world, createRandom(9), START_MS));
    expect(first).toEqual(second);
    expect(countMessages(world)).toBe(before);
  });

  it('keeps ids rising when the clock is behind the generated world', () => {
    const world = generateWorld(1);
    const past = Date.UTC(2025, 0, 1);
    expect(play(world, 50, past).length).toBeGreaterThan(40);
    expectRisingIds(world);
  });

  it('has nothing to do in a world without channels', () => {
    const world = generateWorld(1);
    for (const guild of world.guilds.values()) guild.channels.clear();
    expect(nextLivePost(world, createRandom(1), START_MS)).toBeUndefined();
  });
});

/** Lets the world live, applying each change as the server does. */
function play(world: World, count: number, startMs: number): { change: LiveChange; nowMs: number }[] {
  const random = createRandom(5);
  const played: { change: LiveChange; nowMs: number }[] = [];
  for (let step = 1; step <= count; step += 1) {
    const nowMs = startMs + step * STEP_MS;
    const change = nextLivePost(world, random, nowMs);
    const messages = change && world.guilds.get(change.guildId)?.channels.get(change.channelId)?.messages;
    if (!change || !messages) continue;
    if (change.kind === 'post') messages.push(change.message);
    if (change.kind === 'delete')
      messages.splice(
        messages.findIndex(({ id }) => id === change.messageId),
        1,
      );
    played.push({ change, nowMs });
  }
  return played;
}

function expectRisingIds(world: World): void {
  const entries = [...world.guilds.values()].flatMap((guild) => [...guild.channels.values()]);
  for (const { messages } of entries) {
    expect(messages.every(({ id }, index) => compareIds(id, messages[index - 1]?.id ?? '0') > 0)).toBe(true);
  }
}

function countMessages(world: World): number {
  return [...world.guilds.values()]
    .flatMap((guild) => [...guild.channels.values()])
    .reduce((sum, { messages }) => sum + messages.length, 0);
}
