import type { Queryable } from '../db/database.ts';
import { readStanding } from '../db/guild-standing.ts';
import type { ThreadList } from '../db/thread-lists.ts';
import { canReadHistory, channelPermissions, has, Permission } from '../discord/permissions.ts';

/** What the bot may do in a channel that holds threads; null: roles were not told, so Discord has to be asked. */
export type ThreadAccess = { refusal: ReadRefusal | null; canManageThreads: boolean } | null;

/** Why archived threads cannot be listed. */
export type ReadRefusal = 'missing_access' | 'no_history_permission';

/** Works out, without a request, what the bot may do in the channels of a guild. */
export async function readThreadAccess(
  db: Queryable,
  guildId: string,
  botUserId: string,
): Promise<(channel: Pick<ThreadList, 'type' | 'overwrites'>) => ThreadAccess> {
  const standing = await readStanding(db, guildId, botUserId);
  if (!standing) return () => null;
  return ({ type, overwrites }) => {
    const question = { ...standing, channel: { ...(type ? { type } : {}), overwrites } };
    const access = canReadHistory(question);
    const missing = access.canRead ? null : access.missing;
    return {
      refusal:
        missing === null
          ? null
          : missing === 'read_message_history'
            ? 'no_history_permission'
            : 'missing_access',
      canManageThreads: has(channelPermissions(question), Permission.manageThreads),
    };
  };
}
