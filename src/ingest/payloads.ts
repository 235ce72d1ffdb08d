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

export function readChannel(payload: APIChannel): NewChannel {
  const wire = payload as unknown as WireChannel;
  return {
    id: payload.id,
    name: wire.name ?? null,
    type: channelTypeOf(payload.type),
    isNsfw: wire.nsfw === true,
    parentId: wire.parent_id ?? null,
    position: Number.isSafeInteger(wire.position) ? (wire.position ?? 0) : 0,
    overwrites: Array.isArray(wire.permission_overwrites)
      ? wire.permission_overwrites.flatMap(readOverwrite)
      : [],
    newestMessageId: isSnowflake(wire.last_message_id) ? wire.last_message_id : null,
  };
}

export function readRole(role: APIRole): GuildRole {
  return {
    id: role.id,
    name: role.name,
    permissions: /^\d{1,20}$/.test(role.permissions) ? BigInt(role.permissions) : 0n,
    position: role.position,
  };
}

function readOverwrite(value: unknown): PermissionOverwrite[] {
  const { id, type, allow, deny } = (value ?? {}) as Partial<PermissionOverwrite>;
  if (typeof id !== 'string' || typeof allow !== 'string' || typeof deny !== 'string') return [];
  return [{ id, type: Number(type), allow, deny }];
}
