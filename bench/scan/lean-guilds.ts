import { leanChannelId, newestMessageId } from './lean-messages.ts';

/** Guilds that follow from their number, as the gateway tells of them. */

const FIRST_GUILD_ID = 300_000_000_000_000_000n;
const ROLES = 15;
const EMOJIS = 40;
const TALK_PERMISSIONS = '70368744245825'; // what @everyone may in an ordinary guild: view, write, read the history
const OWNER_ID = '200000000000000001';

export const BOT_ID = '100000000000000001';
export const CHANNELS_PER_GUILD = 100;
export const MESSAGES_PER_CHANNEL = 1_000;

export const leanGuildId = (nth: number): string => String(FIRST_GUILD_ID + BigInt(nth));

export const guildChannelIds = (nth: number): string[] =>
  Array.from({ length: CHANNELS_PER_GUILD }, (_, place) =>
    leanChannelId(nth * CHANNELS_PER_GUILD + place, MESSAGES_PER_CHANNEL),
  );

/** What GUILD_CREATE carries for a bot that asks for neither members nor presences. */
export function leanGuild(nth: number): object {
  const id = leanGuildId(nth);
  return {
    id,
    name: `Guild ${nth}`,
    icon: '8f1c2d3e4a5b6c7d8e9f0a1b2c3d4e5f',
    description: null,
    features: ['COMMUNITY', 'NEWS', 'SOUNDBOARD'],
    owner_id: OWNER_ID,
    joined_at: '2024-03-01T10:00:00.000000+00:00',
    member_count: 480,
    large: true,
    unavailable: false,
    premium_tier: 1,
    preferred_locale: 'en-US',
    roles: Array.from({ length: ROLES }, (_, place) => roleOf(id, place)),
    emojis: Array.from({ length: EMOJIS }, (_, place) => emojiOf(id, place)),
    stickers: [],
    channels: guildChannelIds(nth).map((channelId, place) => channelOf(id, channelId, place)),
    threads: [],
    members: [memberOf()],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** A channel as `GET /channels/{id}` shows it. */
export function channelOf(guildId: string, channelId: string, place: number): object {
  return {
    id: channelId,
    guild_id: guildId,
    type: 0,
    name: `channel-${place}`,
    position: place,
    topic: 'What happens at the harbour, and on the water. Be kind.',
    nsfw: false,
    last_message_id: newestMessageId(channelId),
    parent_id: null,
    rate_limit_per_user: 0,
    flags: 0,
    version: 1_718_000_000_000,
    icon_emoji: { id: null, name: '🎬' },
    theme_color: null,
    last_pin_timestamp: '2025-01-02T03:04:05+00:00',
    permission_overwrites: [
      { id: roleId(guildId, 1), type: 0, allow: '1024', deny: '0' },
      { id: roleId(guildId, 2), type: 0, allow: '0', deny: '2048' },
    ],
  };
}

export function memberOf(): object {
  return {
    user: { id: BOT_ID, username: 'clipdex', discriminator: '0', avatar: null, bot: true, global_name: null },
    roles: [],
    joined_at: '2024-03-01T10:00:00.000000+00:00',
    nick: null,
    avatar: null,
    deaf: false,
    mute: false,
    flags: 0,
  };
}

function roleOf(guildId: string, place: number): object {
  return {
    id: roleId(guildId, place),
    name: place === 0 ? '@everyone' : `Role ${place}`,
    permissions: TALK_PERMISSIONS,
    position: place,
    color: 3_447_003,
    colors: { primary_color: 3_447_003, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
  };
}

const roleId = (guildId: string, place: number): string =>
  place === 0 ? guildId : String(BigInt(guildId) + 1_000_000n * BigInt(place));

function emojiOf(guildId: string, place: number): object {
  const id = String(BigInt(guildId) + 1_000_000_000n * BigInt(place + 1));
  return {
    id,
    name: `emoji_${place}`,
    roles: [],
    require_colons: true,
    managed: false,
    animated: false,
    available: true,
  };
}
