import { PermissionFlagsBits as bits, ChannelType } from 'discord-api-types/v10';
import { snowflakeTime } from '../../src/discord/snowflake.ts';
import { idAt as snowflakeAt } from '../../src/sandbox/ids.ts';
import type { World, WorldChannel, WorldMessage } from '../../src/sandbox/world.ts';
import { channel, ids, message, overwrite, smallWorld, thread, video } from '../sandbox/small-world.ts';

export type FaultWorld = {
  world: World;
  guildId: string;
  /** Channels with a history that are open from the start. */
  openIds: string[];
  /** Channels with a long history that the bot cannot see until a test opens them: work that begins when it is told. */
  closedIds: string[];
};

const VIDEO_EVERY = 7; // messages
const FORWARD_EVERY = 35;
const WEEK_MS = 7 * 86_400_000;

/**
 * The small world with more to be interrupted in: channels whose messages lie over some years, threads, and channels
 * that are still closed to the bot.
 */
export function faultWorld({
  open = 4,
  closed = 16,
  messages = 300,
  closedMessages = 1200,
} = {}): FaultWorld {
  const world = smallWorld();
  const guild = world.guilds.get(ids.guild);
  if (!guild) throw new Error('the small world has lost its guild');
  const place = (entry: WorldChannel) => {
    guild.channels.set(entry.channel.id, entry);
    return entry.channel.id;
  };
  const openIds = Array.from({ length: open }, (_, n) => place(room(n, 'open', messages)));
  const closedIds = Array.from({ length: closed }, (_, n) => {
    const denied = { permission_overwrites: [overwrite(ids.guild, 0n, bits.ViewChannel)] };
    return place(room(open + n, 'closed', closedMessages, denied));
  });
  const parentId = openIds[0] ?? ids.general;
  for (let n = 0; n < open; n += 1) {
    const id = String(BigInt(roomId(500 + n)));
    const entry = thread(id, parentId, {});
    entry.messages = history(id, 60);
    place(entry);
  }
  return { world, guildId: guild.id, openIds, closedIds };
}

function room(n: number, kind: string, messages: number, rest: object = {}): WorldChannel {
  const id = roomId(n);
  return channel(id, ChannelType.GuildText, `${kind}-${n}`, rest, history(id, messages));
}

const roomId = (n: number) => String(BigInt(snowflakeAt(Date.UTC(2021, 0, 1))) + BigInt(n) * 10_000n);

/** Oldest first, spread evenly over the years up to a week ago. */
function history(channelId: string, count: number): WorldMessage[] {
  const from = snowflakeTime(channelId) + WEEK_MS;
  const stepMs = Math.floor((Date.now() - WEEK_MS - from) / count);
  return Array.from({ length: count }, (_, n) => aMessage(channelId, n, from + n * stepMs));
}

/** Ids are unique: those of two channels differ in their lowest bits. */
function aMessage(channelId: string, n: number, timeMs: number): WorldMessage {
  const id = String(BigInt(snowflakeAt(timeMs)) + (BigInt(channelId) % 4_000_000n));
  const fileId = String(BigInt(id) + 1n);
  const isForward = n % FORWARD_EVERY === 0;
  const files = n % VIDEO_EVERY === 0 ? [video(fileId, { filename: `clip-${n}.mp4` })] : [];
  return message(id, channelId, {
    content: `words of ${n}`,
    timestamp: new Date(timeMs).toISOString(),
    attachments: isForward ? [] : files,
    ...(isForward && { message_snapshots: [{ message: { content: 'forwarded', attachments: files } }] }),
  });
}
