/**
 * Histories that nobody has to store: a message follows from its channel's id and its place in it by arithmetic, and the
 * last six digits of a channel's id say how many hundreds of messages it holds.
 */

const FIRST_CHANNEL_ID = 400_000_000_000_000_000n;
const HUNDREDS_PER_CHANNEL = 1_000_000n; // one more than the most hundreds that fit into an id
const ID_STEP = 60_000n << 22n; // a message a minute
const DISCORD_EPOCH_MS = 1_420_070_400_000n;
const MESSAGE_EVERY = 50; // of them carries a video: 2 %
const MAX_PAGE = 100;

/** The nth channel that holds so many messages (a multiple of 100). */
export function leanChannelId(nth: number, messageCount: number): string {
  return String(FIRST_CHANNEL_ID + BigInt(nth) * HUNDREDS_PER_CHANNEL + BigInt(messageCount / 100));
}

export function messageCountOf(channelId: string): number {
  return Number(BigInt(channelId) % HUNDREDS_PER_CHANNEL) * 100;
}

/** The id of a channel's message at a place; the oldest is at 1. */
export function leanMessageId(channelId: string, place: number): string {
  return String(BigInt(channelId) + BigInt(place) * ID_STEP);
}

/** A lower bound (exclusive) at which a page that ends with the message at that place closes a run. */
export function justBelow(channelId: string, place: number): string {
  return String(BigInt(leanMessageId(channelId, place)) - 1n);
}

export function newestMessageId(channelId: string): string | null {
  const count = messageCountOf(channelId);
  return count === 0 ? null : leanMessageId(channelId, count);
}

/** A page as Discord sends it, newest first. */
export function leanPage(channelId: string, query: { before: string | null; limit: number }): object[] {
  const count = messageCountOf(channelId);
  const below = query.before === null ? count : placeBelow(channelId, query.before);
  const newest = Math.min(count, below);
  const oldest = Math.max(1, newest - Math.min(query.limit, MAX_PAGE) + 1);
  const page: object[] = [];
  for (let place = newest; place >= oldest; place -= 1) page.push(leanMessage(channelId, place));
  return page;
}

function placeBelow(channelId: string, before: string): number {
  const distance = BigInt(before) - BigInt(channelId) - 1n;
  return distance < 0n ? 0 : Number(distance / ID_STEP);
}

function leanMessage(channelId: string, place: number): object {
  const message = plainMessage(channelId, place);
  if (place % 6 !== 0 || place === 1) return message;
  const answered = plainMessage(channelId, place - 1);
  const reference = { type: 0, channel_id: channelId, message_id: leanMessageId(channelId, place - 1) };
  return { ...message, type: 19, message_reference: reference, referenced_message: answered };
}

function plainMessage(channelId: string, place: number) {
  const id = leanMessageId(channelId, place);
  return {
    type: 0,
    content: contentOf(place),
    mentions: place % 9 === 0 ? [userOf(place + 1)] : [],
    mention_roles: [],
    attachments: attachmentsOf(channelId, id, place),
    embeds: place % 11 === 0 ? [embedOf(place)] : [],
    timestamp: timeOf(id),
    edited_timestamp: place % 13 === 0 ? timeOf(id) : null,
    flags: 0,
    components: [],
    id,
    channel_id: channelId,
    author: userOf(place),
    pinned: false,
    mention_everyone: false,
    tts: false,
    ...(place % 7 === 0 ? { reactions: [reactionOf('👍', 3), reactionOf('🎬', 1)] } : {}),
  };
}

const sentences = [
  'has anybody tried the new one yet?',
  'I think that the second take was better, the light was gone by then.',
  'ok',
  'Das klappt bei mir erst nach einem Neustart, warum auch immer.',
  'see https://example.org/projects/kites/2024/notes for the whole list, it is long but worth it',
  'haha yes 😄',
];

function contentOf(place: number): string {
  const sentence = (offset: number) => sentences[(place * 7 + offset) % sentences.length];
  return place % 3 === 0 ? `${sentence(0)} ${sentence(1)} ${sentence(2)}` : `${sentence(0)} (${place})`;
}

function userOf(place: number): object {
  const number = (place * 31) % 997;
  return {
    id: String(200_000_000_000_000_000n + BigInt(number)),
    username: `member.${number}`,
    avatar: 'c3f1a5d29be04c7f8a6e1d2b3c4f5a60',
    discriminator: '0',
    public_flags: 64,
    flags: 64,
    banner: null,
    accent_color: null,
    global_name: `Member ${number}`,
    avatar_decoration_data: null,
    collectibles: null,
    display_name_styles: null,
    banner_color: null,
    clan: null,
    primary_guild: null,
  };
}

function attachmentsOf(channelId: string, id: string, place: number): object[] {
  if (place % MESSAGE_EVERY === 0) return [fileOf(channelId, id, `take-${place}.mp4`, 'video/mp4')];
  return place % 8 === 0 ? [fileOf(channelId, id, `still-${place}.png`, 'image/png')] : [];
}

function fileOf(channelId: string, id: string, filename: string, contentType: string): object {
  const path = `attachments/${channelId}/${BigInt(id) + 1n}/${filename}`;
  const signature = `ex=68f0c1a0&is=68ef7020&hm=${'0d5e8b1f4c2a7796'.repeat(4)}&`;
  return {
    id: String(BigInt(id) + 1n),
    filename,
    size: 4_831_204,
    url: `https://cdn.discordapp.com/${path}?${signature}`,
    proxy_url: `https://media.discordapp.net/${path}?${signature}`,
    width: 1920,
    height: 1080,
    content_type: contentType,
    content_scan_version: 2,
    placeholder: 'V/gRBYQvaHd3eHiIiHeHeIiAhwiI',
    placeholder_version: 1,
    ...(contentType.startsWith('video/') ? { duration_secs: 12.4, title: 'Take at the harbour' } : {}),
  };
}

function embedOf(place: number): object {
  const page = `https://example.org/articles/${place}`;
  const picture = {
    url: `${page}/preview.jpg`,
    proxy_url: `https://images-ext-1.discordapp.net/external/Zk3v9Jx0nq1k2l4m5n6o7p8q9r/${place}/https/example.org/preview.jpg`,
    width: 1200,
    height: 630,
    content_type: 'image/jpeg',
    placeholder: 'HBgGDYKId4d/d4eHd3h4iIeACA==',
    placeholder_version: 1,
    flags: 0,
  };
  return {
    type: 'article',
    url: page,
    title: 'How the kites of the harbour are made',
    description: sentences.join(' '),
    color: 3_447_003,
    provider: { name: 'Example', url: 'https://example.org' },
    thumbnail: picture,
  };
}

function reactionOf(name: string, count: number): object {
  return {
    emoji: { id: null, name },
    count,
    count_details: { burst: 0, normal: count },
    burst_colors: [],
    me_burst: false,
    burst_me: false,
    me: false,
    burst_count: 0,
  };
}

function timeOf(id: string): string {
  return new Date(Number((BigInt(id) >> 22n) + DISCORD_EPOCH_MS)).toISOString().replace('Z', '000+00:00');
}
