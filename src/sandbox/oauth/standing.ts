import { type APIUser, PermissionFlagsBits } from 'discord-api-types/v10';
import { holdsMessages, isThread } from '../channels.ts';
import { canManageGuild, canReadHistory, guildPermissions, hasPermission } from '../permissions.ts';
import type { World, WorldChannel, WorldGuild } from '../world.ts';

export type Rank = 'owner' | 'administrator' | 'manager' | 'moderator' | 'member';

/** What somebody is in one guild, as far as it matters for what they may see and do there. */
export type Standing = {
  guild: WorldGuild;
  rank: Rank;
  canManage: boolean;
  roleNames: string[];
  /** Names of channels that they read and most others do not, and the other way round. */
  readsMore: string[];
  readsLess: string[];
  isTimedOut: boolean;
};

const moderating =
  PermissionFlagsBits.ManageMessages | PermissionFlagsBits.ManageThreads | PermissionFlagsBits.KickMembers;

/** Of every person, in the order of the world. */
export function standingsOf(world: World): { user: APIUser; standings: Standing[] }[] {
  const guilds = [...world.guilds.values()].map((guild) => ({ guild, common: commonChannels(guild) }));
  return [...world.users.values()]
    .filter((user) => !user.bot)
    .map((user) => ({
      user,
      standings: guilds
        .filter(({ guild }) => guild.members.has(user.id))
        .map(({ guild, common }) => standingIn(guild, common, user.id)),
    }));
}

function standingIn(guild: WorldGuild, common: ReadonlySet<WorldChannel>, userId: string): Standing {
  const member = guild.members.get(userId);
  const channels = textChannels(guild);
  const reads = (entry: WorldChannel) => canReadHistory(guild, entry.channel, userId);
  const timedOutUntil = Date.parse(member?.communication_disabled_until ?? '');
  return {
    guild,
    rank: rankOf(guild, userId),
    canManage: canManageGuild(guild, userId),
    roleNames: (member?.roles ?? []).flatMap((id) => guild.roles.get(id)?.name ?? []),
    readsMore: channels.filter((entry) => !common.has(entry) && reads(entry)).map(nameOf),
    readsLess: channels.filter((entry) => common.has(entry) && !reads(entry)).map(nameOf),
    isTimedOut: timedOutUntil > Date.now(),
  };
}

function rankOf(guild: WorldGuild, userId: string): Rank {
  const granted = guildPermissions(guild, userId);
  if (guild.ownerId === userId) return 'owner';
  if (hasPermission(granted, PermissionFlagsBits.Administrator)) return 'administrator';
  if (canManageGuild(guild, userId)) return 'manager';
  return (granted & moderating) === 0n ? 'member' : 'moderator';
}

/** Those that more than half of the people read. */
function commonChannels(guild: WorldGuild): Set<WorldChannel> {
  const people = [...guild.members.values()].filter(({ user }) => !user.bot).map(({ user }) => user.id);
  const readers = (entry: WorldChannel) =>
    people.filter((userId) => canReadHistory(guild, entry.channel, userId)).length;
  return new Set(textChannels(guild).filter((entry) => readers(entry) * 2 > people.length));
}

function textChannels(guild: WorldGuild): WorldChannel[] {
  return [...guild.channels.values()].filter(({ channel }) => holdsMessages(channel) && !isThread(channel));
}

function nameOf({ channel }: WorldChannel): string {
  return `#${channel.name ?? channel.id}`;
}
