import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import type {
  World,
  WorldAttachment,
  WorldChannel,
  WorldGuild,
  WorldMessage,
} from '../../src/sandbox/world.ts';

export const BENCH_GUILD = '100000000000000000';
const BOT = '100000000000000001';
export const CHANNELS = 40;
export const MESSAGES = 1_000_000;
/** One message in fifty has a video. */
const VIDEO_EVERY = 50;
export const VIDEOS = MESSAGES / VIDEO_EVERY;
/** Of the messages with videos, one in so many is of another kind than an upload that Discord knows as a video. */
const UNTYPED_EVERY = 25;
const EMBED_EVERY = 40;
/** Forwards of mere text, which a search for forwards tells as well. */
const FORWARD_EVERY = 1_000;
const FIRST_MESSAGE = 200_000_000_000_000_000n;
const ID_STEP = 1_000_000_000n;

export const channelIdOf = (n: number) => String(BigInt(BENCH_GUILD) + 1_000n + BigInt(n));

/** A guild with a million messages in its channels, most of them mere text. */
export function bigWorld(): World {
  const bot = { id: BOT, username: 'helper', discriminator: '0', global_name: null, avatar: null, bot: true };
  const guild = {
    id: BENCH_GUILD,
    name: 'Guild',
    icon: null,
    ownerId: BOT,
    botJoined: true,
    isUnavailable: false,
    roles: new Map([[BENCH_GUILD, everyone]]),
    members: new Map([[BOT, { user: bot, roles: [], joined_at: '2024-01-01T00:00:00.000Z', flags: 0 }]]),
    channels: new Map(Array.from({ length: CHANNELS }, (_, n) => [channelIdOf(n), channelOf(n)])),
  } as unknown as WorldGuild; // without the fields that no answer of a search needs
  return {
    seed: 1,
    application: { id: BOT, name: 'Helper' },
    bot,
    users: new Map([[BOT, bot]]),
    guilds: new Map([[BENCH_GUILD, guild]]),
  };
}

const everyone = {
  id: BENCH_GUILD,
  name: '@everyone',
  permissions: String(PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory),
};

function channelOf(n: number): WorldChannel {
  const id = channelIdOf(n);
  const fields = { id, type: ChannelType.GuildText, name: `channel ${n}`, permission_overwrites: [] };
  const messages = Array.from({ length: MESSAGES / CHANNELS }, (_, i) => messageOf(i * CHANNELS + n, id));
  return { channel: fields as unknown as WorldChannel['channel'], messages, threadMembers: new Set() };
}

const nothing: never[] = []; // shared: a million messages are to fit into memory
const author = {
  id: '100000000000000002',
  username: 'ada',
  discriminator: '0',
  global_name: null,
  avatar: null,
};

/** Message `n` of the guild, in the order in which they were posted. */
function messageOf(n: number, channelId: string): WorldMessage {
  const id = String(FIRST_MESSAGE + BigInt(n) * ID_STEP);
  const text: WorldMessage = {
    id,
    channel_id: channelId,
    type: 0,
    author,
    content: 'hello',
    timestamp: '2024-01-01T00:00:00.000Z',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: nothing,
    mention_roles: nothing,
    attachments: nothing,
    embeds: nothing,
    components: nothing,
    pinned: false,
  };
  // Channels take turns, so neighbours in a channel are CHANNELS apart: the turn of the channel decides the kind.
  const turn = Math.floor(n / CHANNELS);
  if (turn % FORWARD_EVERY === 1) {
    return { ...text, message_snapshots: [{ message: { content: 'hello', attachments: nothing } }] };
  }
  if (turn % VIDEO_EVERY !== 0) return text;
  const nth = turn / VIDEO_EVERY;
  if (nth % EMBED_EVERY === 1) return { ...text, embeds: [embed] };
  return { ...text, attachments: [fileOf(n, nth % UNTYPED_EVERY === 2)] };
}

const embed = {
  type: 'video',
  url: 'https://video.example/watch',
  video: {
    url: 'https://video.example/clip.mp4',
    proxy_url: 'https://proxy.example/clip.mp4',
    width: 640,
    height: 360,
  },
} as unknown as WorldMessage['embeds'][number];

function fileOf(n: number, isUntyped: boolean): WorldAttachment {
  const content_type = isUntyped ? 'application/octet-stream' : 'video/mp4';
  return {
    id: String(FIRST_MESSAGE + BigInt(n) * ID_STEP + 1n),
    filename: 'clip.mp4',
    size: 1_000,
    content_type,
  };
}
