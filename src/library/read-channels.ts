import type { NewChannel, PermissionOverwrite } from '../db/channels-sync.ts';
import { channelTypeOf } from '../discord/channel-types.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import { readList, readRecord, readText, readTime } from './wire-values.ts';

/** Discord's channels as our tables take them. Fields that are missing or unknown to us never stop a sync. */

const NAME_MAX_LENGTH = 200; // characters; Discord allows 100

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
  thread_metadata: { archived?: boolean; archive_timestamp?: string } | null;
}>;

/** What of a list of channels or threads has an id; the rest cannot be kept. */
export function readChannels(payloads: readonly object[] | null | undefined): NewChannel[] {
  return (payloads ?? []).flatMap((payload) => {
    const wire = (payload ?? {}) as unknown as WireChannel;
    return isSnowflake(wire.id) ? [readChannel(wire.id, wire)] : [];
  });
}

function readChannel(id: string, wire: WireChannel): NewChannel {
  return {
    id,
    name: readText(wire.name, NAME_MAX_LENGTH),
    type: channelTypeOf(wire.type ?? -1),
    isNsfw: wire.nsfw === true,
    parentId: isSnowflake(wire.parent_id) ? wire.parent_id : null,
    position: readPlace(wire.position),
    overwrites: readList(wire.permission_overwrites).flatMap(readOverwrite),
    newestMessageId: isSnowflake(wire.last_message_id) ? wire.last_message_id : null,
    archivedAt: wire.thread_metadata?.archived === true ? readArchiveTime(wire.thread_metadata) : null,
  };
}

/** That it is archived counts more than when. */
function readArchiveTime({ archive_timestamp }: { archive_timestamp?: string }): string {
  return readTime(archive_timestamp) ?? new Date(0).toISOString();
}

/** Places beyond PostgreSQL's integer are of no use to anybody. */
export function readPlace(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 2 ** 31 ? value : 0;
}

function readOverwrite(value: unknown): PermissionOverwrite[] {
  const { id, type, allow, deny } = readRecord(value);
  if (!isSnowflake(id) || !isBits(allow) || !isBits(deny)) return [];
  return [{ id, type: Number(type), allow, deny }];
}

/** Permission bits as a decimal string. */
function isBits(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}
