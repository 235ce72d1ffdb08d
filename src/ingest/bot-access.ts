import { listChannelAccess } from '../db/channel-access.ts';
import type { Transaction } from '../db/database.ts';
import { readStanding } from '../db/guild-standing.ts';
import { breakLiveCoverage } from '../db/live-coverage.ts';
import { isThread } from '../discord/channel-types.ts';
import { canReadHistory } from '../discord/permissions.ts';

/** What the bot may do in a channel, by what was told last. */
export type BotAccess = {
  canReadHistory: boolean;
  /** Discord tells us of every message that is posted there. */
  isTold: boolean;
};

/** Of all channels of a guild, by their ids. Null: roles were not told, so that nothing can be said. */
export async function readBotAccess(
  tx: Transaction,
  guildId: string,
  botUserId: string,
): Promise<Map<string, BotAccess> | null> {
  const standing = await readStanding(tx, guildId, botUserId);
  if (!standing) return null;
  const channels = new Map((await listChannelAccess(tx, guildId)).map((one) => [one.channelId, one]));
  const accesses = new Map<string, BotAccess>();
  for (const [channelId, { type, parentId, overwrites }] of channels) {
    const parent = channels.get(parentId ?? '');
    const history = canReadHistory({
      ...standing,
      channel: { ...(type ? { type } : {}), overwrites },
      // Discord tells a bot only of private threads that it is in or may manage.
      ...(parent && isThread(type ?? '') ? { parent } : {}),
    });
    accesses.set(channelId, {
      canReadHistory: history.canRead,
      isTold: (history.canRead || history.missing === 'read_message_history') && type !== 'private_thread',
    });
  }
  return accesses;
}

/**
 * Makes a change after which the bot may see other channels than before. Where it was and is told of all messages,
 * none was missed; in all other channels live coverage begins anew.
 */
export async function changeBotAccess(
  tx: Transaction,
  { guildId, botUserId }: { guildId: string; botUserId: string },
  change: () => Promise<void>,
): Promise<void> {
  const before = await readBotAccess(tx, guildId, botUserId);
  await change();
  const after = await readBotAccess(tx, guildId, botUserId);
  const broken =
    before && after
      ? [...after.keys()].filter((id) => !before.get(id)?.isTold || !after.get(id)?.isTold)
      : null;
  await breakLiveCoverage(tx, guildId, broken);
}
