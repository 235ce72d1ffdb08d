import { type APIUser, PermissionFlagsBits as bits, ChannelType } from 'discord-api-types/v10';
import type { WorldChannel, WorldGuild } from '../../../src/sandbox/world.ts';
import { type Owner, WorldBuilder, type WorldVideo } from './world-builder.ts';

/** Those who will look, by what they are in the first guild unless said otherwise. */
const people = [
  'owner',
  'admin',
  'manager',
  'timedOutManager',
  'moderator',
  'timedOutModerator',
  'insider',
  'plain',
  'mutedByRole',
  'mutedByMember',
  'timedOut',
  'threadMember',
  'guest',
  /** A member of the second guild alone; and who manages that one. */
  'elsewhere',
  'otherManager',
  /** Until they are removed, while the test runs. */
  'kicked',
  /** In no guild with the bot. */
  'operator',
  'lonely',
] as const;
export type Person = (typeof people)[number];

export type MatrixWorld = Pick<WorldBuilder, 'world' | 'owners' | 'videos' | 'posted'> & {
  people: Record<Person, APIUser>;
  guilds: {
    /** Where nearly everybody is, with a channel of every kind. */
    main: WorldGuild;
    second: WorldGuild;
    /** The bot is there, and none of the viewers. The newest videos of all are there, more than a list looks at. */
    foreign: WorldGuild;
    /** Of which members see no channel. */
    dark: WorldGuild;
    /** The bot is removed from it after it has read it. */
    departed: WorldGuild;
    /** Without the bot. */
    bare: WorldGuild;
  };
  channels: {
    /** With videos of every kind, and threads. */
    general: WorldChannel;
    /** Age-restricted; the test lets it be read. */
    opened: WorldChannel;
    /** The test switches its reading off. */
    silent: WorldChannel;
    /** The test leaves a run of it waiting. */
    waiting: WorldChannel;
    /** The bot does not see it. */
    blind: WorldChannel;
  };
  /** The test deletes their messages after they have been read. */
  toDelete: WorldVideo[];
  /** What exists nowhere. */
  missingId: string;
};

const basic = bits.ViewChannel | bits.ReadMessageHistory | bits.Connect | bits.SendMessages;
const botBits = basic | bits.ManageThreads;

export function matrixWorld(): MatrixWorld {
  const builder = new WorldBuilder();
  const cast = Object.fromEntries(people.map((name) => [name, builder.person(name)])) as Record<
    Person,
    APIUser
  >;
  const main = addMainGuild(builder, cast);
  const guilds = { main: main.guild, ...addOtherGuilds(builder, cast) };
  flood(builder, guilds.foreign);
  return {
    world: builder.world,
    owners: builder.owners as Map<string, Owner>,
    videos: builder.videos,
    posted: builder.posted,
    people: cast,
    guilds,
    channels: main.channels,
    toDelete: [main.vault, main.channels.general].map((entry) => lastUpload(builder, entry)),
    missingId: builder.id({ kind: 'everybody' }),
  };
}

/** So many that who does not see them finds none among the newest ones, and lists must look otherwise. */
const FLOOD = 2_100;

function flood(builder: WorldBuilder, guild: WorldGuild): void {
  const [entry] = guild.channels.values();
  if (entry) builder.post(entry, Array<'upload'>(FLOOD).fill('upload'));
}

function lastUpload({ videos }: WorldBuilder, { channel }: WorldChannel): WorldVideo {
  const found = videos.findLast((video) => video.channelId === channel.id && video.source === 'attachment');
  if (!found) throw new Error(`channel ${channel.name} has no upload`);
  return found;
}

function letBotIn(builder: WorldBuilder, guild: WorldGuild): string {
  const roleId = builder.role(guild, 'bot', botBits);
  builder.join(guild, builder.world.bot, [roleId]);
  return roleId;
}

function addMainGuild(builder: WorldBuilder, cast: Record<Person, APIUser>) {
  const guild = builder.guild('main', { everyone: basic });
  const botRole = letBotIn(builder, guild);
  const roles = {
    insider: builder.role(guild, 'insiders', 0n),
    muted: builder.role(guild, 'muted', 0n),
    manager: builder.role(guild, 'managers', bits.ManageGuild),
    admin: builder.role(guild, 'admins', bits.Administrator),
    moderator: builder.role(guild, 'moderators', bits.ManageThreads),
  };
  const tomorrow = new Date(Date.now() + 86_400_000);
  guild.ownerId = cast.owner.id;
  builder.join(guild, cast.owner);
  builder.join(guild, cast.admin, [roles.admin]);
  builder.join(guild, cast.manager, [roles.manager]);
  builder.join(guild, cast.timedOutManager, [roles.manager], tomorrow);
  builder.join(guild, cast.moderator, [roles.moderator]);
  builder.join(guild, cast.timedOutModerator, [roles.moderator], tomorrow);
  builder.join(guild, cast.insider, [roles.insider]);
  builder.join(guild, cast.plain);
  builder.join(guild, cast.mutedByRole, [roles.muted]);
  builder.join(guild, cast.mutedByMember);
  builder.join(guild, cast.timedOut, [roles.insider], tomorrow);
  builder.join(guild, cast.threadMember);
  builder.join(guild, cast.guest);
  builder.join(guild, cast.kicked, [roles.insider, roles.manager]);

  const view = bits.ViewChannel;
  const closed = [
    { id: guild.id, deny: view },
    { id: botRole, allow: view },
  ];
  const forInsiders = [...closed, { id: roles.insider, allow: view }];
  const text = ChannelType.GuildText;
  const channel = builder.channel.bind(builder, guild);
  const thread = builder.thread.bind(builder, guild);
  const isPrivate = { type: ChannelType.PrivateThread };

  const openCategory = channel(ChannelType.GuildCategory, 'open-category');
  const hiddenCategory = channel(ChannelType.GuildCategory, 'hidden-category', { overwrites: closed });
  const vault = channel(text, 'vault', { parent: hiddenCategory, overwrites: forInsiders });
  const general = channel(text, 'general', {
    parent: openCategory,
    posts: ['words', 'spoiler', 'clip', 'page', 'gif', 'forward', 'upload', 'upload', 'upload'],
  });
  const original = lastUpload(builder, vault);
  // The same file in two channels: whoever sees only one of them must not hear of the other.
  const shared = builder.videos.find((video) => video.channelId === vault.channel.id) ?? original;
  builder.forwardOf(shared, general);
  const noHistory = channel(text, 'no-history', {
    overwrites: [
      { id: guild.id, deny: bits.ReadMessageHistory },
      { id: botRole, allow: bits.ReadMessageHistory },
    ],
  });
  const opened = channel(text, 'opened', { nsfw: true });
  const restricted = channel(text, 'restricted', { nsfw: true });
  const news = channel(ChannelType.GuildAnnouncement, 'news');
  const forum = channel(ChannelType.GuildForum, 'forum');
  const closedForum = channel(ChannelType.GuildForum, 'closed-forum', { overwrites: forInsiders });
  const media = channel(ChannelType.GuildMedia, 'media');
  const blind = channel(text, 'blind', { overwrites: [{ id: botRole, deny: view }] });
  const silent = channel(text, 'silent');
  const waiting = channel(text, 'waiting');
  channel(text, 'lobby', { parent: hiddenCategory });
  channel(text, 'muted', {
    overwrites: [
      { id: roles.muted, deny: view },
      { id: cast.mutedByMember.id, isMember: true, deny: view },
    ],
  });
  channel(text, 'guests', { overwrites: [...closed, { id: cast.guest.id, isMember: true, allow: view }] });
  // Threads are managed here by others than in the rest of the guild.
  const patrolled = channel(text, 'patrolled', {
    overwrites: [
      { id: roles.moderator, deny: bits.ManageThreads },
      { id: cast.guest.id, isMember: true, allow: bits.ManageThreads },
    ],
  });
  channel(ChannelType.GuildVoice, 'voice', {
    overwrites: [
      { id: guild.id, deny: bits.Connect },
      { id: roles.insider, allow: bits.Connect },
      { id: botRole, allow: bits.Connect },
    ],
  });
  channel(ChannelType.GuildStageVoice, 'stage');

  thread(general, 'public-thread');
  thread(general, 'archived-thread', { isArchived: true });
  thread(general, 'private-thread', { ...isPrivate, members: [cast.threadMember, cast.kicked] });
  thread(general, 'lonely-thread', isPrivate);
  thread(general, 'archived-private', { ...isPrivate, isArchived: true, members: [cast.threadMember] });
  thread(patrolled, 'patrolled-private', isPrivate);
  thread(vault, 'vault-thread');
  // In it without seeing its channel.
  thread(vault, 'vault-private', { ...isPrivate, members: [cast.threadMember, cast.insider] });
  thread(noHistory, 'no-history-thread');
  thread(news, 'news-thread', { type: ChannelType.AnnouncementThread });
  thread(opened, 'opened-thread');
  thread(restricted, 'restricted-thread');
  thread(forum, 'post', { posts: ['upload', 'upload'] });
  thread(forum, 'old-post', { isArchived: true });
  thread(closedForum, 'closed-post');
  thread(media, 'media-post');
  thread(blind, 'blind-thread');
  thread(silent, 'silent-thread');
  return { guild, vault, channels: { general, opened, silent, waiting, blind } };
}

function addOtherGuilds(builder: WorldBuilder, cast: Record<Person, APIUser>) {
  const text = ChannelType.GuildText;
  const second = builder.guild('second', { everyone: basic });
  letBotIn(builder, second);
  const secondManager = builder.role(second, 'managers', bits.ManageGuild);
  builder.join(second, cast.elsewhere);
  builder.join(second, cast.otherManager, [secondManager]);
  builder.join(second, cast.owner);
  builder.join(second, cast.guest);
  builder.thread(second, builder.channel(second, text, 'lounge'), 'lounge-thread');
  builder.channel(second, text, 'late', { nsfw: true });
  builder.thread(second, builder.channel(second, ChannelType.GuildForum, 'board'), 'board-post');

  const foreign = builder.guild('foreign', { everyone: basic });
  letBotIn(builder, foreign);
  builder.thread(foreign, builder.channel(foreign, text, 'attic'), 'attic-thread');

  const dark = builder.guild('dark', { everyone: 0n });
  letBotIn(builder, dark);
  const darkManager = builder.role(dark, 'managers', bits.ManageGuild);
  builder.join(dark, cast.plain);
  builder.join(dark, cast.manager, [darkManager]);
  builder.channel(dark, text, 'cellar');

  const departed = builder.guild('departed', { everyone: basic });
  letBotIn(builder, departed);
  const departedManager = builder.role(departed, 'managers', bits.ManageGuild);
  builder.join(departed, cast.manager, [departedManager]);
  builder.join(departed, cast.plain);
  builder.thread(departed, builder.channel(departed, text, 'ruin'), 'ruin-thread');

  const bare = builder.guild('bare', { botJoined: false, everyone: basic });
  const bareManager = builder.role(bare, 'managers', bits.ManageGuild);
  builder.join(bare, cast.manager, [bareManager]);
  builder.join(bare, cast.plain);
  builder.join(bare, cast.operator, [bareManager]);
  builder.channel(bare, text, 'field');
  return { second, foreign, dark, departed, bare };
}
