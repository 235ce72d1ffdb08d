import { ChannelType, OverwriteType, PermissionFlagsBits } from 'discord-api-types/v10';
import { type Channel, isThread, isVoice, overwritesOf, parentIdOf } from './channels.ts';
import type { WorldGuild, WorldMember } from './world.ts';

/*
 * What Discord would allow: the sandbox's own, deliberately simple account of it, so that it can serve as an
 * oracle beside the product's.
 */
export const allPermissions = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);
const whileTimedOut = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.ReadMessageHistory;

/** What a user's roles add up to in a guild, or ownership; 0 for those who are not members. */
export function rolePermissions(guild: WorldGuild, userId: string): bigint {
  const member = guild.members.get(userId);
  if (!member) return 0n;
  if (guild.ownerId === userId) return allPermissions;
  let granted = BigInt(guild.roles.get(guild.id)?.permissions ?? 0);
  for (const roleId of member.roles) granted |= BigInt(guild.roles.get(roleId)?.permissions ?? 0);
  return (granted & PermissionFlagsBits.Administrator) !== 0n ? allPermissions : granted;
}

/** What a user may do in a guild, before any channel's overwrites. */
export function guildPermissions(guild: WorldGuild, userId: string): bigint {
  return withinTimeOut(guild.members.get(userId), rolePermissions(guild, userId));
}

/** A user's permissions in a channel or thread; 0 when it may not be seen. */
export function channelPermissions(guild: WorldGuild, channel: Channel, userId: string): bigint {
  const member = guild.members.get(userId);
  const base = rolePermissions(guild, userId);
  if (!member || base === allPermissions) return base;
  const source = isThread(channel) ? guild.channels.get(parentIdOf(channel) ?? '')?.channel : channel;
  if (!source) return 0n;
  const granted = withinTimeOut(member, applyOverwrites(base, guild, source, member));
  if ((granted & PermissionFlagsBits.ViewChannel) === 0n) return 0n;
  if (channel.type === ChannelType.PrivateThread && !mayEnterPrivateThread(guild, channel, userId, granted)) {
    return 0n;
  }
  return granted;
}

export function hasPermission(granted: bigint, bit: bigint): boolean {
  return (granted & bit) === bit;
}

export function canView(guild: WorldGuild, channel: Channel, userId: string): boolean {
  return hasPermission(channelPermissions(guild, channel, userId), PermissionFlagsBits.ViewChannel);
}

/** The chat of a voice channel needs CONNECT besides. Says nothing about its history. */
export function canOpenChat(guild: WorldGuild, channel: Channel, userId: string): boolean {
  const granted = channelPermissions(guild, channel, userId);
  const needed = PermissionFlagsBits.ViewChannel | (isVoice(channel) ? PermissionFlagsBits.Connect : 0n);
  return hasPermission(granted, needed);
}

export function canReadHistory(guild: WorldGuild, channel: Channel, userId: string): boolean {
  return (
    canOpenChat(guild, channel, userId) &&
    hasPermission(channelPermissions(guild, channel, userId), PermissionFlagsBits.ReadMessageHistory)
  );
}

export function canManageGuild(guild: WorldGuild, userId: string): boolean {
  return hasPermission(guildPermissions(guild, userId), PermissionFlagsBits.ManageGuild);
}

function applyOverwrites(base: bigint, guild: WorldGuild, channel: Channel, member: WorldMember): bigint {
  const overwrites = overwritesOf(channel);
  const everyone = overwrites.filter((overwrite) => overwrite.id === guild.id);
  const roles = overwrites.filter(
    ({ id, type }) => type === OverwriteType.Role && id !== guild.id && member.roles.includes(id),
  );
  const own = overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === member.user.id);
  return [everyone, roles, own].reduce((granted, layer) => {
    const deny = layer.reduce((bits, overwrite) => bits | BigInt(overwrite.deny), 0n);
    const allow = layer.reduce((bits, overwrite) => bits | BigInt(overwrite.allow), 0n);
    return (granted & ~deny) | allow;
  }, base);
}

function mayEnterPrivateThread(guild: WorldGuild, thread: Channel, userId: string, granted: bigint): boolean {
  return (
    hasPermission(granted, PermissionFlagsBits.ManageThreads) ||
    guild.channels.get(thread.id)?.threadMembers.has(userId) === true
  );
}

/** Whoever is timed out keeps looking and reading alone, moderators too; owners and administrators cannot be. */
function withinTimeOut(member: WorldMember | undefined, granted: bigint): bigint {
  const isTimedOut = Date.parse(member?.communication_disabled_until ?? '') > Date.now();
  return isTimedOut && granted !== allPermissions ? granted & whileTimedOut : granted;
}
