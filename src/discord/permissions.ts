import { isVoice } from './channel-types.ts';

/** The permissions that we ask about. */
export const Permission = {
  administrator: 1n << 3n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  readMessageHistory: 1n << 16n,
  connect: 1n << 20n,
  manageThreads: 1n << 34n,
} as const;

/** What an install asks a guild for: the least that our work needs. The page tells what for. */
export const INSTALL_PERMISSIONS =
  Permission.viewChannel | Permission.readMessageHistory | Permission.connect; // connect: for the chat of voice channels

const whileTimedOut = Permission.viewChannel | Permission.readMessageHistory;

/** What an owner or administrator has: every bit that PostgreSQL's bigint holds, also those yet to be invented. */
export const ALL_PERMISSIONS = 2n ** 63n - 1n;

export type Role = { id: string; permissions: string };

/** As Discord sends it. `type` 0 is a role, 1 a member; whatever is malformed is ignored. */
export type Overwrite = { id: string; type: number; allow: string; deny: string };

/** Who a member is in a guild. */
export type GuildStanding = {
  guildId: string;
  ownerId: string | null;
  roles: readonly Role[];
  member: {
    userId: string;
    roleIds: readonly string[];
    /** A time-out is running: it takes everything but to see and to read; from owners and administrators nothing. */
    isTimedOut?: boolean;
  };
};

export type PermissionQuestion = GuildStanding & {
  channel: { type?: string; overwrites: readonly Overwrite[] | null | undefined };
  /** The channel that a thread hangs on: its overwrites stand for the thread's own. */
  parent?: { overwrites: readonly Overwrite[] | null | undefined };
  /** Set for a private thread: only its members and those who manage threads see it. */
  privateThread?: { isMember: boolean };
};

/** What a member may do in a channel, as Discord computes it. Without VIEW_CHANNEL: nothing. */
export function channelPermissions(question: PermissionQuestion): bigint {
  const base = rolePermissions(question);
  if (base === ALL_PERMISSIONS) return base;
  const overwrites = (question.parent ?? question.channel).overwrites;
  const granted = withOverwrites(base, question, Array.isArray(overwrites) ? overwrites : []);
  const permissions = withinTimeOut(question, granted);
  if (!has(permissions, Permission.viewChannel)) return 0n;
  const isStranger = question.privateThread && !question.privateThread.isMember;
  if (isStranger && !has(permissions, Permission.manageThreads)) return 0n;
  return permissions;
}

/** What a member may do in the guild at large. The owner and administrators may do everything, overwrites or not. */
export function guildPermissions(standing: GuildStanding): bigint {
  const permissions = rolePermissions(standing);
  return permissions === ALL_PERMISSIONS ? permissions : withinTimeOut(standing, permissions);
}

function rolePermissions({ guildId, ownerId, roles, member }: GuildStanding): bigint {
  if (ownerId !== null && ownerId === member.userId) return ALL_PERMISSIONS;
  const held = new Set([guildId, ...member.roleIds]);
  const permissions = roles
    .filter((role) => held.has(role.id))
    .reduce((bits, role) => bits | (readBits(role.permissions) ?? 0n), 0n);
  return has(permissions, Permission.administrator) ? ALL_PERMISSIONS : permissions;
}

function withinTimeOut({ member }: GuildStanding, permissions: bigint): bigint {
  return member.isTimedOut ? permissions & whileTimedOut : permissions;
}

export type HistoryAccess =
  | { canRead: true }
  | { canRead: false; missing: 'view_channel' | 'connect' | 'read_message_history' };

/** Whether a member can read a channel's past messages, and if not, the permission to ask for first. */
export function canReadHistory(question: PermissionQuestion): HistoryAccess {
  const permissions = channelPermissions(question);
  if (!has(permissions, Permission.viewChannel)) return { canRead: false, missing: 'view_channel' };
  if (isVoice(question.channel.type ?? '') && !has(permissions, Permission.connect)) {
    return { canRead: false, missing: 'connect' };
  }
  if (!has(permissions, Permission.readMessageHistory)) {
    return { canRead: false, missing: 'read_message_history' };
  }
  return { canRead: true };
}

export function has(permissions: bigint, wanted: bigint): boolean {
  return (permissions & wanted) === wanted;
}

/** Three layers, each over the one before: @everyone, the member's roles together, the member. */
function withOverwrites(
  base: bigint,
  question: PermissionQuestion,
  overwrites: readonly Overwrite[],
): bigint {
  const { guildId, member } = question;
  const roleIds = new Set(member.roleIds);
  const layers = [
    (one: ReadOverwrite) => one.type === 0 && one.id === guildId,
    (one: ReadOverwrite) => one.type === 0 && one.id !== guildId && roleIds.has(one.id),
    (one: ReadOverwrite) => one.type === 1 && one.id === member.userId,
  ];
  const readable = overwrites.flatMap(readOverwrite);
  return layers.reduce((bits, belongs) => {
    const layer = readable.filter(belongs);
    const deny = layer.reduce((all, one) => all | one.deny, 0n);
    const allow = layer.reduce((all, one) => all | one.allow, 0n);
    return (bits & ~deny) | allow;
  }, base);
}

type ReadOverwrite = { id: string; type: number; allow: bigint; deny: bigint };

function readOverwrite(overwrite: Overwrite | null | undefined): ReadOverwrite[] {
  const allow = readBits(overwrite?.allow);
  const deny = readBits(overwrite?.deny);
  if (!overwrite || allow === null || deny === null) return [];
  return [{ id: overwrite.id, type: overwrite.type, allow, deny }];
}

function readBits(text: unknown): bigint | null {
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? BigInt(text) : null;
}
