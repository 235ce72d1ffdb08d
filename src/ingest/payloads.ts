import type { APIChannel, APIRole } from 'discord-api-types/v10';
import type { NewChannel, PermissionOverwrite } from '../db/channels-sync.ts';
import type { GuildRole } from '../db/guild-roles.ts';
import { channelTypeOf } from '../discord/channel-types.ts';
import { isSnowflake } from '../discord/snowflake.ts';

/** Discord's payloads as our tables take them. Fields that are missing or unknown to us never stop a sync. */

/** The fields of a channel or thread that we read; Discord's own union has one type per kind. */
type WireChannel = Partial<{
  id: string;
  type: number;
  name: string | null;
  nsfw: boolean;
  parent_id: string | null;
  position: number;
  last_message_id: string | null;
  permission_overwrites: unknown[];
}>;

/** What of a list of channels or threads has an id; the rest cannot be kept. */
export function readChannels(payloads: readonly APIChannel[] | null | undefined): NewChannel[] {
  return (payloads ?? []).flatMap((payload) => {
    const wire = (payload ?? {}) as unknown as WireChannel;
    return isSnowflake(wire.id) ? [readChannel(wire.id, wire)] : [];
  });
}

function readChannel(id: string, wire: WireChannel): NewChannel {
  return {
    id,
    name: wire.name ?? null,
    type: channelTypeOf(wire.type ?? -1),
    isNsfw: wire.nsfw === true,
    parentId: wire.parent_id ?? null,
    position: readPosition(wire.position),
    overwrites: Array.isArray(wire.permission_overwrites)
      ? wire.permission_overwrites.flatMap(readOverwrite)
      : [],
    newestMessageId: isSnowflake(wire.last_message_id) ? wire.last_message_id : null,
  };
}

export function readRoles(payloads: readonly APIRole[] | null | undefined): GuildRole[] {
  return (payloads ?? []).flatMap((role: Partial<APIRole> | null) => {
    if (!isSnowflake(role?.id)) return [];
    const permissions = String(role.permissions);
    return [
      {
        id: role.id,
        name: role.name ?? '',
        permissions: /^\d{1,20}$/.test(permissions) ? BigInt(permissions) : 0n,
        position: readPosition(role.position),
      },
    ];
  });
}

/** Undefined when it was not told, or not so that it can be understood. */
export function readJoinedAt(value: unknown): { joinedAt: Date } | undefined {
  const joinedAt = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(joinedAt.getTime()) ? undefined : { joinedAt };
}

/** Places beyond PostgreSQL's integer are of no use to anybody. */
function readPosition(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31 ? value : 0;
}

function readOverwrite(value: unknown): PermissionOverwrite[] {
  const { id, type, allow, deny } = (value ?? {}) as Partial<PermissionOverwrite>;
  if (typeof id !== 'string' || typeof allow !== 'string' || typeof deny !== 'string') return [];
  return [{ id, type: Number(type), allow, deny }];
}
