import {
  type APIOverwrite,
  type APIRole,
  type APIUser,
  AttachmentFlags,
  ChannelType,
  EmbedType,
  OverwriteType,
} from 'discord-api-types/v10';
import { idTimeMs } from '../../../src/sandbox/ids.ts';
import type {
  World,
  WorldAttachment,
  WorldChannel,
  WorldGuild,
  WorldMessage,
} from '../../../src/sandbox/world.ts';

/** Whom an id or a name in an answer belongs to: whoever does not see that must not read it. */
export type Owner =
  | { kind: 'guild' | 'channel'; id: string }
  | { kind: 'video'; video: WorldVideo }
  | { kind: 'person'; id: string }
  /** Told to nobody: roles, words of messages without videos; or to everybody: the application and its bot, and what exists nowhere. */
  | { kind: 'nobody' | 'everybody' };

export type WorldVideo = {
  id: string;
  messageId: string;
  channelId: string;
  author: APIUser;
  filename: string;
  title: string;
  caption: string;
  source: 'attachment' | 'forward' | 'embed';
  hasFile: boolean;
  /** People of a clip. */
  participants: APIUser[];
  /** Its message was deleted after it had been read. */
  isDeleted: boolean;
};

export type Overwrite = { id: string; isMember?: boolean; allow?: bigint; deny?: bigint };
export type PostKind = 'words' | 'upload' | 'spoiler' | 'clip' | 'forward' | 'page' | 'gif';

/** Marks stand in all names, each in one: an answer that holds one tells of its owner. */
const MARK = /kx\d{4}/g;
const ID = /(?<![\w-])\d{18}(?!\w)/g;
const FIRST_ID = 800_000_000_000_000_000n;
const ID_STEP = 4_194_304n * 3_600_000n; // of Discord's ids an hour

export function marksIn(text: string): Set<string> {
  return new Set(text.match(MARK));
}

/** Ids of Discord's: all those of the world have 18 digits. */
export function idsIn(text: string): Set<string> {
  return new Set(text.match(ID));
}

/** Makes a world in which every id and every name is unique, and its owner known. */
export class WorldBuilder {
  readonly world: World;
  /** By id, and by mark. */
  readonly owners = new Map<string, Owner>();
  readonly videos: WorldVideo[] = [];
  /** By id: a file may be posted twice. */
  readonly posted = new Map<string, WorldVideo[]>();
  #made = 0;
  #marks = 0;

  constructor() {
    const bot = this.#makeUser('helper', true);
    const application = { id: this.id({ kind: 'everybody' }), name: this.name('application', nobody) };
    this.world = { seed: 11, application, bot, users: new Map([[bot.id, bot]]), guilds: new Map() };
  }

  id(owner: Owner): string {
    this.#made += 1;
    const id = String(FIRST_ID + BigInt(this.#made) * ID_STEP);
    this.owners.set(id, owner);
    return id;
  }

  name(label: string, owner: Owner): string {
    this.#marks += 1;
    const mark = `kx${String(this.#marks).padStart(4, '0')}`;
    this.owners.set(mark, owner);
    return `${label}-${mark}`;
  }

  person(label: string): APIUser {
    const user = this.#makeUser(label, false);
    this.world.users.set(user.id, user);
    return user;
  }

  guild(label: string, { botJoined = true, everyone }: { botJoined?: boolean; everyone: bigint }) {
    const owner = this.person(`owner-of-${label}`);
    const self: Owner = { kind: 'guild', id: '' };
    const id = this.id(self);
    self.id = id;
    const guild: WorldGuild = {
      id,
      name: this.name(label, self),
      icon: null,
      ownerId: owner.id,
      botJoined,
      isUnavailable: false,
      roles: new Map([[id, makeRole(id, '@everyone', everyone)]]),
      members: new Map(),
      channels: new Map(),
    };
    this.world.guilds.set(id, guild);
    this.join(guild, owner);
    return guild;
  }

  role(guild: WorldGuild, label: string, permissions: bigint): string {
    const role = makeRole(this.id(nobody), this.name(label, nobody), permissions);
    guild.roles.set(role.id, role);
    return role.id;
  }

  join(guild: WorldGuild, user: APIUser, roles: string[] = [], timedOutUntil: Date | null = null): void {
    guild.members.set(user.id, {
      user,
      roles,
      joined_at: '2024-01-01T00:00:00.000Z',
      communication_disabled_until: timedOutUntil?.toISOString() ?? null,
      mute: false,
      deaf: false,
      flags: 0,
    } as never); // the enum of member flags has no name for none
  }

  channel(
    guild: WorldGuild,
    type: ChannelType,
    label: string,
    options: { parent?: WorldChannel; overwrites?: Overwrite[]; nsfw?: boolean; posts?: PostKind[] } = {},
  ): WorldChannel {
    const { parent, overwrites = [], nsfw = false, posts = ['words', 'upload', 'upload'] } = options;
    const entry = this.#place(guild, type, label, {
      position: guild.channels.size,
      parent_id: parent?.channel.id ?? null,
      permission_overwrites: overwrites.map(toOverwrite),
      nsfw,
    });
    const holdsMessages = ![
      ChannelType.GuildCategory,
      ChannelType.GuildForum,
      ChannelType.GuildMedia,
    ].includes(type);
    if (holdsMessages) this.post(entry, posts);
    return entry;
  }

  thread(
    guild: WorldGuild,
    parent: WorldChannel,
    label: string,
    options: {
      type?: ChannelType;
      isArchived?: boolean;
      members?: APIUser[];
      posts?: PostKind[];
    } = {},
  ): WorldChannel {
    const { type = ChannelType.PublicThread, isArchived = false, members = [], posts } = options;
    const entry = this.#place(guild, type, label, {
      parent_id: parent.channel.id,
      owner_id: guild.ownerId,
      thread_metadata: {
        archived: isArchived,
        archive_timestamp: new Date(idTimeMs(parent.channel.id) + guild.channels.size * 60_000).toISOString(),
        auto_archive_duration: 1440,
        locked: false,
      },
    });
    for (const member of members) entry.threadMembers.add(member.id);
    this.post(entry, posts ?? ['words', 'upload']);
    return entry;
  }

  /** All by one author, who posts nowhere else. */
  post(entry: WorldChannel, kinds: readonly PostKind[]): void {
    const author = this.person('author');
    for (const kind of kinds) entry.messages.push(this.#message(entry, author, kind));
  }

  /** A forward of an upload that keeps the id of its file, as Discord's forwards may. */
  forwardOf(original: WorldVideo, entry: WorldChannel): void {
    const author = this.person('author');
    const message = this.#message(entry, author, 'forward', original.id);
    entry.messages.push(message);
  }

  #message(entry: WorldChannel, author: APIUser, kind: PostKind, fileId?: string): WorldMessage {
    const channelId = entry.channel.id;
    const id = this.id({ kind: 'channel', id: channelId });
    const message = makeMessage(id, channelId, author);
    if (kind === 'words') return { ...message, content: this.name('words', nobody) };
    const self: Owner = { kind: 'video', video: {} as WorldVideo };
    const filename = this.name('file', self);
    const video: WorldVideo = {
      id: kind === 'page' || kind === 'gif' ? `${id}-e0` : (fileId ?? this.id(self)),
      messageId: id,
      channelId,
      author,
      filename: kind === 'page' ? filename : `${filename}.mp4`,
      title: this.name('title', self),
      caption: this.name('caption', self),
      source: kind === 'forward' ? 'forward' : kind === 'page' || kind === 'gif' ? 'embed' : 'attachment',
      hasFile: kind !== 'page',
      participants: kind === 'clip' ? [this.person('player'), this.person('player')] : [],
      isDeleted: false,
    };
    self.video = video;
    this.videos.push(video);
    this.posted.set(video.id, [...(this.posted.get(video.id) ?? []), video]);
    if (video.source === 'embed') {
      return { ...message, content: video.caption, embeds: [this.#embed(video, self, kind === 'gif')] };
    }
    const attachments = [this.#attachment(video, self, kind)];
    if (kind !== 'forward') return { ...message, content: video.caption, attachments };
    return { ...message, message_snapshots: [{ message: { content: video.caption, attachments } }] };
  }

  #attachment(video: WorldVideo, owner: Owner, kind: PostKind): WorldAttachment {
    const file: WorldAttachment = {
      id: video.id,
      filename: video.filename,
      title: video.title,
      size: 16_062,
      content_type: 'video/mp4',
      clip: 'cell-rain.mp4',
      width: 272,
      height: 480,
      duration_secs: 5,
    };
    if (kind === 'spoiler') return { ...file, flags: AttachmentFlags.IsSpoiler };
    if (kind !== 'clip') return file;
    return {
      ...file,
      flags: AttachmentFlags.IsClip,
      clip_created_at: '2024-02-01T00:00:00.000Z',
      clip_participants: video.participants,
      application: { id: this.id(nobody), name: this.name('game', owner) } as never,
    };
  }

  #embed(video: WorldVideo, owner: Owner, isGif: boolean): WorldMessage['embeds'][number] {
    const still = `external://cell-rain.webp/${video.filename}.webp`;
    return {
      type: isGif ? EmbedType.GIFV : EmbedType.Video,
      url: `https://watch.example.com/${this.name('page', owner)}`,
      title: video.title,
      provider: { name: this.name('provider', owner), url: 'https://watch.example.com' },
      thumbnail: { url: 'https://img.example.com/1.jpg', proxy_url: still, width: 272, height: 480 },
      video: {
        url: `https://watch.example.com/embed/${video.filename}`,
        ...(isGif && { proxy_url: `external://cell-rain.mp4/${video.filename}` }),
        width: 272,
        height: 480,
      },
    };
  }

  #place(guild: WorldGuild, type: ChannelType, label: string, fields: object): WorldChannel {
    const self: Owner = { kind: 'channel', id: '' };
    self.id = this.id(self);
    const channel = { id: self.id, type, name: this.name(label, self), ...fields };
    const entry = {
      channel: channel as WorldChannel['channel'],
      messages: [],
      threadMembers: new Set<string>(),
    };
    guild.channels.set(self.id, entry);
    return entry;
  }

  #makeUser(label: string, isBot: boolean): APIUser {
    const self: Owner = isBot ? { kind: 'everybody' } : { kind: 'person', id: '' };
    const id = this.id(self);
    if (self.kind === 'person') self.id = id;
    return {
      id,
      username: this.name(label, self),
      discriminator: '0',
      global_name: this.name(label.toUpperCase(), self),
      avatar: null,
      ...(isBot && { bot: true }),
    };
  }
}

const nobody: Owner = { kind: 'nobody' };

function toOverwrite({ id, isMember = false, allow = 0n, deny = 0n }: Overwrite): APIOverwrite {
  const type = isMember ? OverwriteType.Member : OverwriteType.Role;
  return { id, type, allow: String(allow), deny: String(deny) };
}

function makeRole(id: string, name: string, permissions: bigint): APIRole {
  const colors = { primary_color: 0, secondary_color: null, tertiary_color: null };
  const rest = { color: 0, colors, hoist: false, position: 1, managed: false, mentionable: false };
  return { id, name, permissions: String(permissions), ...rest } as unknown as APIRole; // without flags, as some have none
}

function makeMessage(id: string, channelId: string, author: APIUser): WorldMessage {
  return {
    id,
    channel_id: channelId,
    type: 0,
    author,
    content: '',
    timestamp: new Date(idTimeMs(id)).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
  };
}
