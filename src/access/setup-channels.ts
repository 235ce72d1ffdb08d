import { listChannelAccess } from '../db/channel-access.ts';
import { listChannelOverviews } from '../db/channel-overviews.ts';
import { forumTypes, threadTypes } from '../db/channel-types.ts';
import type { Queryable } from '../db/database.ts';
import { readStanding, type StoredStanding } from '../db/guild-standing.ts';
import type { Sight } from '../db/sight.ts';
import { canReadHistory, type HistoryAccess } from '../discord/permissions.ts';

/** A channel as it is offered when a guild is set up. */
export type SetupChannel = {
  id: string;
  name: string | null;
  type: string | null;
  parentId: string | null;
  isNsfw: boolean;
  isReading: boolean;
  isProposed: boolean;
  /** What the bot lacks to read it; null: nothing, or its roles were not told yet. */
  missing: Extract<HistoryAccess, { canRead: false }>['missing'] | null;
};

/** Where people post for everybody. The chats of voice channels are proposed to nobody, nor is what some do not see. */
const proposedTypes: readonly (string | null)[] = ['text', 'announcement', ...forumTypes];
const unofferedTypes: readonly (string | null)[] = ['category', ...threadTypes];

/** The channels of a guild that these eyes see, in Discord's order. */
export async function listSetupChannels(
  db: Queryable,
  sight: Sight,
  guildId: string,
  botUserId: string,
): Promise<SetupChannel[]> {
  const channels = await listChannelOverviews(db, sight, guildId);
  const overwrites = new Map(
    (await listChannelAccess(db, guildId)).map((one) => [one.channelId, one.overwrites]),
  );
  const everyone = await readStanding(db, guildId, null);
  const bot = await readStanding(db, guildId, botUserId);
  const accessOf = (standing: StoredStanding, id: string, type: string | null) =>
    canReadHistory({ ...standing, channel: { ...(type ? { type } : {}), overwrites: overwrites.get(id) } });
  return channels
    .filter(({ type }) => !unofferedTypes.includes(type))
    .map(({ channel_id: id, name, type, parent_id: parentId, is_age_restricted: isNsfw, is_reading }) => {
      const isForAll = everyone !== null && accessOf(everyone, id, type).canRead;
      const access = bot && accessOf(bot, id, type);
      const missing = access && !access.canRead ? access.missing : null;
      const isProposed = proposedTypes.includes(type) && isForAll && missing === null && !isNsfw;
      return { id, name, type, parentId, isNsfw, isReading: is_reading, isProposed, missing };
    });
}
