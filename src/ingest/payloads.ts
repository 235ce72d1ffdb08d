import type { APIRole } from 'discord-api-types/v10';
import type { GuildRole } from '../db/guild-roles.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import { readPlace } from '../library/read-channels.ts';
import { readText } from '../library/wire-values.ts';

const NAME_MAX_LENGTH = 200; // characters of a name or an icon's hash; Discord allows 100

/** Discord's payloads as our tables take them. Fields that are missing or unknown to us never stop a sync. */

export function readRoles(payloads: readonly APIRole[] | null | undefined): GuildRole[] {
  return (payloads ?? []).flatMap((role: Partial<APIRole> | null) => {
    if (!isSnowflake(role?.id)) return [];
    const permissions = String(role.permissions);
    return [
      {
        id: role.id,
        name: readText(role.name, NAME_MAX_LENGTH) ?? '',
        permissions: /^\d{1,20}$/.test(permissions) ? BigInt(permissions) : 0n,
        position: readPlace(role.position),
      },
    ];
  });
}

/** The guild's own fields, as far as they can be understood. */
export function readGuild(data: { id: string; name?: unknown; icon?: unknown; owner_id?: unknown }) {
  return {
    id: data.id,
    name: readText(data.name, NAME_MAX_LENGTH) ?? '',
    icon: readText(data.icon, NAME_MAX_LENGTH),
    ownerUserId: isSnowflake(data.owner_id) ? data.owner_id : null,
  };
}

/** Undefined when it was not told, or not so that it can be understood. */
export function readJoinedAt(value: unknown): { joinedAt: Date } | undefined {
  const joinedAt = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(joinedAt.getTime()) ? undefined : { joinedAt };
}
