import { snowflakeTime } from '../../src/discord/snowflake.ts';
import { idAt as snowflakeAt } from '../../src/sandbox/ids.ts';

/** A payload as it goes over the wire; a test may change any field, or take it away as undefined. */
export type Wire = Record<string, unknown>;
export type WireMessage = Wire & { id: string; channel_id: string; attachments: Wire[] };
export type WireChannel = Wire & { id: string };
export type WireGuild = Wire & { id: string; roles: Wire[]; channels: Wire[] };

export const GUILD_ID = '710000000000000000';
export const BOT_ID = '700000000000000002';
export const OWNER_ID = '700000000000000010';

const MINUTE_MS = 60_000;

export function idAt(iso: string): string {
  return snowflakeAt(Date.parse(iso));
}

/** A message with text and one video. */
export function aMessage(channelId: string, id: string, over: Wire = {}): WireMessage {
  return {
    id,
    channel_id: channelId,
    guild_id: GUILD_ID,
    type: 0,
    content: `words of ${id}`,
    attachments: [aFile(id)],
    embeds: [],
    components: [],
    author: { id: OWNER_ID, username: 'olga', global_name: null, avatar: null },
    timestamp: new Date(snowflakeTime(id)).toISOString(),
    edited_timestamp: null,
    ...over,
  };
}

/** The video of a message; its links end at `expiresAt`, in hexadecimal seconds. */
export function aFile(messageId: string, over: Wire = {}, expiresAt = '70000000'): Wire {
  const path = `attachments/1/${messageId}/clip.mp4?ex=${expiresAt}&is=1&hm=aa`;
  return {
    id: String(BigInt(messageId) + 1n),
    filename: `clip-${messageId}.mp4`,
    size: 10,
    content_type: 'video/mp4',
    url: `https://cdn.discordapp.com/${path}`,
    proxy_url: `https://media.discordapp.net/${path}`,
    ...over,
  };
}

/** Messages a minute apart, oldest first; as ids are unique, those of two channels differ in their lowest bits. */
export function aHistory(channelId: string, count: number, from = '2024-02-01T00:00:00Z'): WireMessage[] {
  const lowestBits = BigInt(channelId) & 0xfffn;
  return Array.from({ length: count }, (_, i) => {
    const id = BigInt(snowflakeAt(Date.parse(from) + i * MINUTE_MS)) + lowestBits;
    return aMessage(channelId, String(id));
  });
}
