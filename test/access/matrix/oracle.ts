import { PermissionFlagsBits } from 'discord-api-types/v10';
import { isAgeRestricted, isThread, parentIdOf } from '../../../src/sandbox/channels.ts';
import {
  canManageGuild,
  canReadHistory,
  canView,
  rolePermissions,
} from '../../../src/sandbox/permissions.ts';
import type { WorldChannel, WorldGuild } from '../../../src/sandbox/world.ts';
import type { Viewer } from './viewers.ts';
import type { MatrixWorld } from './world.ts';
import type { Owner, WorldVideo } from './world-builder.ts';

export type Place = { guild: WorldGuild; entry: WorldChannel };

/**
 * Who may see and manage what, out of what the sandbox would let them: nothing of the product is asked. Simple and slow;
 * the answers are remembered as long as nothing in the world changes.
 */
export class Oracle {
  readonly #matrix: MatrixWorld;
  readonly #places = new Map<string, Place>();
  readonly #seen = new Map<string, Set<string>>();
  readonly #videos = new Map<string, WorldVideo[]>();
  readonly #people = new Map<string, Set<string>>();

  constructor(matrix: MatrixWorld) {
    this.#matrix = matrix;
    for (const guild of matrix.world.guilds.values()) {
      for (const entry of guild.channels.values()) this.#places.set(entry.channel.id, { guild, entry });
    }
  }

  /** After somebody came or went. */
  forget(): void {
    this.#seen.clear();
    this.#videos.clear();
    this.#people.clear();
  }

  /** Of all channels and threads, known to the program or not. */
  get places(): Place[] {
    return [...this.#places.values()];
  }

  placeOf(channelId: string): Place {
    const place = this.#places.get(channelId);
    if (!place) throw new Error(`no channel ${channelId} in the world`);
    return place;
  }

  guild(id: string): WorldGuild | undefined {
    return this.#matrix.world.guilds.get(id);
  }

  seesGuild({ userId, isOperator }: Viewer, guildId: string): boolean {
    const guild = this.guild(guildId);
    if (!guild?.botJoined || userId === null) return false;
    return isOperator || guild.members.has(userId);
  }

  manages(viewer: Viewer, guildId: string): boolean {
    const guild = this.guild(guildId);
    if (!guild || !this.seesGuild(viewer, guildId)) return false;
    return viewer.isOperator || canManageGuild(guild, viewer.userId ?? '');
  }

  /** Whether Discord lets them add the bot, by their roles alone: so it tells them in the list of their guilds. */
  mayInstall({ userId }: Viewer, guild: WorldGuild): boolean {
    const granted = rolePermissions(guild, userId ?? '');
    return guild.ownerId === userId || (granted & PermissionFlagsBits.ManageGuild) !== 0n;
  }

  seesChannel(viewer: Viewer, channelId: string): boolean {
    return this.#channelsSeenBy(viewer).has(channelId);
  }

  /** Channels of a guild that they see, threads left out. */
  channelsOf(viewer: Viewer, guildId: string): Place[] {
    return this.places.filter(
      ({ guild, entry: { channel } }) =>
        guild.id === guildId && !isThread(channel) && this.seesChannel(viewer, channel.id),
    );
  }

  threadsOf(viewer: Viewer, parentId: string): Place[] {
    return this.places.filter(
      ({ entry: { channel } }) =>
        isThread(channel) && parentIdOf(channel) === parentId && this.seesChannel(viewer, channel.id),
    );
  }

  /** Newest first. */
  videosOf(viewer: Viewer): WorldVideo[] {
    const known = this.#videos.get(viewer.name);
    if (known) return known;
    const seen = this.#matrix.videos
      .filter((video) => this.#seesVideo(viewer, video))
      .sort((a, b) => Number(BigInt(b.messageId) - BigInt(a.messageId)));
    this.#videos.set(viewer.name, seen);
    return seen;
  }

  /** Whether the program has the messages of a channel. */
  wasRead(channelId: string): boolean {
    const { guild, entry } = this.placeOf(channelId);
    const isOfUse = this.#matrix.guilds.bare !== guild && this.isOpen(entry.channel.id);
    return isOfUse && (!guild.botJoined || canReadHistory(guild, entry.channel, this.#matrix.world.bot.id));
  }

  isOpen(channelId: string): boolean {
    const { guild, entry } = this.placeOf(channelId);
    const { guilds, channels } = this.#matrix;
    const openedId = channels.opened.channel.id;
    const isOpened =
      guild === guilds.second || channelId === openedId || parentIdOf(entry.channel) === openedId;
    return isOpened || !isAgeRestricted(guild, entry.channel);
  }

  /** What belongs to nobody, and what is not theirs, no answer may hold. */
  sees(viewer: Viewer, owner: Owner): boolean {
    switch (owner.kind) {
      case 'guild':
        return this.seesGuild(viewer, owner.id);
      case 'channel':
        return this.seesChannel(viewer, owner.id);
      case 'video':
        return this.#seesVideo(viewer, owner.video);
      case 'person':
        return owner.id === viewer.userId || this.#peopleSeenBy(viewer).has(owner.id);
      case 'everybody':
        return true;
      case 'nobody':
        return false;
    }
  }

  #seesVideo(viewer: Viewer, { channelId, isDeleted }: WorldVideo): boolean {
    return !isDeleted && this.seesChannel(viewer, channelId) && this.wasRead(channelId);
  }

  #peopleSeenBy(viewer: Viewer): Set<string> {
    const known = this.#people.get(viewer.name);
    if (known) return known;
    const people = this.videosOf(viewer).flatMap(({ author, participants }) => [author, ...participants]);
    const ids = new Set(people.map(({ id }) => id));
    this.#people.set(viewer.name, ids);
    return ids;
  }

  #channelsSeenBy(viewer: Viewer): Set<string> {
    const known = this.#seen.get(viewer.name);
    if (known) return known;
    const seen = this.places.filter((place) => this.#computeSight(viewer, place));
    const ids = new Set(seen.map(({ entry }) => entry.channel.id));
    this.#seen.set(viewer.name, ids);
    return ids;
  }

  #computeSight(viewer: Viewer, { guild, entry: { channel } }: Place): boolean {
    if (!this.seesGuild(viewer, guild.id) || !this.isOpen(channel.id)) return false;
    // Of threads that the bot does not see it is told nothing; of channels it is.
    if (isThread(channel) && !canView(guild, channel, this.#matrix.world.bot.id)) return false;
    return viewer.isOperator || canReadHistory(guild, channel, viewer.userId ?? '');
  }
}
