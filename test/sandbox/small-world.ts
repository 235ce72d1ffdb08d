import {
  type APIOverwrite,
  type APIRole,
  type APIUser,
  PermissionFlagsBits as bits,
  ChannelType,
  OverwriteType,
} from 'discord-api-types/v10';
import type {
  World,
  WorldAttachment,
  WorldChannel,
  WorldGuild,
  WorldMessage,
} from '../../src/sandbox/world.ts';

/** Ids of the small world, by what they stand for. */
export const ids = {
  application: '700000000000000001',
  bot: '700000000000000002',
  owner: '700000000000000010',
  manager: '700000000000000011',
  member: '700000000000000012',
  outsider: '700000000000000013',
  guild: '710000000000000000',
  otherGuild: '720000000000000000',
  botRole: '710000000000000001',
  managerRole: '710000000000000002',
  category: '710000000000000100',
  general: '710000000000000101',
  noHistory: '710000000000000102',
  hidden: '710000000000000103',
  restricted: '710000000000000104',
  voice: '710000000000000105',
  forum: '710000000000000106',
  forumThread: '710000000000000201',
  archivedThread: '710000000000000202',
  olderArchivedThread: '710000000000000203',
  privateThread: '710000000000000204',
  archivedPrivateThread: '710000000000000205',
  hiddenThread: '710000000000000206',
  otherChannel: '720000000000000101',
} as const;

/** How many messages `general` has; message n has the id `messageId(n)`, every tenth carries a video. */
export const GENERAL_MESSAGES = 250;
export const messageId = (n: number) => String(711_000_000_000_000_000n + BigInt(n) * 1_000_000_000n);
export const attachmentId = (n: number) => String(711_000_000_500_000_000n + BigInt(n) * 1_000_000_000n);

const basic = bits.ViewChannel | bits.ReadMessageHistory | bits.SendMessages | bits.SendMessagesInThreads;

/** One guild with the bot in it and a channel of every kind, and one without the bot. */
export function smallWorld(): World {
  const users = new Map(
    [user(ids.bot, 'helper', true), ...people].map((person) => [person.id, person] as const),
  );
  const bot = users.get(ids.bot) ?? user(ids.bot, 'helper', true);
  const guild = makeGuild(ids.guild, 'Lighthouse', true, [
    role(ids.botRole, 'Helper', bits.ViewChannel),
    role(ids.managerRole, 'Managers', bits.ManageGuild),
  ]);
  join(guild, bot, [ids.botRole]);
  for (const [person, roles] of [
    [people[0], []],
    [people[1], [ids.managerRole]],
    [people[2], []],
  ] as const) {
    join(guild, person, [...roles]);
  }
  for (const entry of [...channels(), ...threads()]) guild.channels.set(entry.channel.id, entry);
  const other = makeGuild(ids.otherGuild, 'Harbour', false, []);
  join(other, people[0], []);
  join(other, people[3], []);
  other.ownerId = ids.outsider;
  other.channels.set(ids.otherChannel, channel(ids.otherChannel, ChannelType.GuildText, 'quay'));
  return {
    seed: 7,
    application: { id: ids.application, name: 'Helper' },
    bot,
    users,
    guilds: new Map([guild, other].map((item) => [item.id, item])),
  };
}

const people = [
  user(ids.owner, 'olga'),
  user(ids.manager, 'manu'),
  user(ids.member, 'mira'),
  user(ids.outsider, 'otto'),
] as const;

function channels(): WorldChannel[] {
  return [
    channel(ids.category, ChannelType.GuildCategory, 'Talk'),
    channel(ids.general, ChannelType.GuildText, 'general', { parent_id: ids.category }, generalMessages()),
    channel(
      ids.noHistory,
      ChannelType.GuildText,
      'no-history',
      { permission_overwrites: [overwrite(ids.guild, 0n, bits.ReadMessageHistory)] },
      [message('712000000000000001', ids.noHistory)],
    ),
    channel(
      ids.hidden,
      ChannelType.GuildText,
      'hidden',
      { permission_overwrites: [overwrite(ids.guild, 0n, bits.ViewChannel)] },
      [message('712000000000000002', ids.hidden)],
    ),
    channel(ids.restricted, ChannelType.GuildText, 'restricted', { nsfw: true }, [
      message('712000000000000003', ids.restricted, { attachments: [video('712000000000000004')] }),
    ]),
    channel(ids.voice, ChannelType.GuildVoice, 'voice', {}, [message('712000000000000005', ids.voice)]),
    channel(ids.forum, ChannelType.GuildForum, 'forum'),
  ];
}

function threads(): WorldChannel[] {
  const archived = (at: string) => ({ archived: true, archive_timestamp: at });
  const isPrivate = { type: ChannelType.PrivateThread };
  return [
    thread(ids.forumThread, ids.forum, {}),
    thread(ids.archivedThread, ids.general, archived('2024-05-01T00:00:00.000Z')),
    thread(ids.olderArchivedThread, ids.general, archived('2023-05-01T00:00:00.000Z')),
    thread(ids.privateThread, ids.general, {}, isPrivate),
    thread(ids.archivedPrivateThread, ids.general, archived('2024-04-01T00:00:00.000Z'), isPrivate),
    thread(ids.hiddenThread, ids.hidden, {}),
  ];
}

function generalMessages(): WorldMessage[] {
  return Array.from({ length: GENERAL_MESSAGES }, (_, n) =>
    message(messageId(n), ids.general, {
      content: `message ${n}`,
      attachments: n % 10 === 0 ? [video(attachmentId(n))] : [],
    }),
  );
}

export function message(id: string, channelId: string, rest: Partial<WorldMessage> = {}): WorldMessage {
  return {
    id,
    channel_id: channelId,
    type: 0,
    author: people[2],
    content: 'hello',
    timestamp: '2024-01-01T00:00:00.000Z',
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    ...rest,
  };
}

export function video(id: string, rest: Partial<WorldAttachment> = {}): WorldAttachment {
  return {
    id,
    filename: 'test card.mp4',
    size: 1000,
    content_type: 'video/mp4',
    clip: 'test-card.mp4',
    ...rest,
  };
}

function user(id: string, username: string, isBot = false): APIUser {
  return {
    id,
    username,
    discriminator: '0',
    global_name: username,
    avatar: null,
    ...(isBot && { bot: true }),
  };
}

function role(id: string, name: string, permissions: bigint): APIRole {
  const colors = { primary_color: 0, secondary_color: null, tertiary_color: null };
  return {
    id,
    name,
    permissions: String(permissions),
    color: 0,
    colors,
    hoist: false,
    position: 1,
    managed: false,
    mentionable: false,
  } as unknown as APIRole; // without flags, as some servers of old
}

export function overwrite(id: string, allow: bigint, deny: bigint): APIOverwrite {
  return { id, type: OverwriteType.Role, allow: String(allow), deny: String(deny) };
}

function makeGuild(id: string, name: string, botJoined: boolean, roles: APIRole[]): WorldGuild {
  const everyone = role(id, '@everyone', basic | bits.Connect);
  return {
    id,
    name,
    icon: null,
    ownerId: ids.owner,
    botJoined,
    isUnavailable: false,
    roles: new Map([everyone, ...roles].map((item) => [item.id, item])),
    members: new Map(),
    channels: new Map(),
  };
}

function join(guild: WorldGuild, person: APIUser, roles: string[]): void {
  guild.members.set(person.id, {
    user: person,
    roles,
    joined_at: '2024-01-01T00:00:00.000Z',
    mute: false,
    deaf: false,
    flags: 0,
  } as never); // the enum of member flags has no name for none
}

export function channel(
  id: string,
  type: ChannelType,
  name: string,
  rest: object = {},
  messages: WorldMessage[] = [],
): WorldChannel {
  const fields = { id, type, name, position: 0, permission_overwrites: [], nsfw: false, ...rest };
  return { channel: fields as unknown as WorldChannel['channel'], messages, threadMembers: new Set() };
}

export function thread(id: string, parentId: string, metadata: object, rest: object = {}): WorldChannel {
  const entry = channel(id, ChannelType.PublicThread, `thread ${id}`, {
    parent_id: parentId,
    owner_id: ids.member,
    thread_metadata: {
      archived: false,
      archive_timestamp: '2024-03-01T00:00:00.000Z',
      auto_archive_duration: 1440,
      locked: false,
      ...metadata,
    },
    ...rest,
  });
  entry.messages.push(message(String(BigInt(id) + 5_000_000_000n), id));
  return entry;
}
