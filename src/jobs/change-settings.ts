import { mergeChannelSettings, replaceChannelSettings } from '../db/channel-settings.ts';
import { getChannel } from '../db/channels.ts';
import type { Transaction } from '../db/database.ts';
import { mergeGuildSettings, replaceGuildSettings } from '../db/guild-settings.ts';
import type { SettingsPatch, StoredSettings } from '../db/settings.ts';
import { applyAgeRestriction } from './age-restriction.ts';
import { enqueueReevaluation } from './reevaluate-videos.ts';

/** `merge`: only the keys of the patch change. `replace`: everything that was stored goes. */
export type ChangeHow = 'merge' | 'replace';

/**
 * Changes a guild's settings, and queues what must follow from them, in one transaction: stored files are decided anew
 * when other formats count as video. Answers what is stored now; null: no such guild.
 */
export async function changeGuildSettings(
  tx: Transaction,
  guildId: string,
  patch: SettingsPatch,
  how: ChangeHow = 'merge',
): Promise<StoredSettings | null> {
  const change = how === 'merge' ? mergeGuildSettings : replaceGuildSettings;
  const stored = await change(tx, guildId, patch);
  if (stored === null) return null;
  if (mayChange('video_formats', patch, how)) await enqueueReevaluation(tx, { guildId });
  if (mayChange('scan_nsfw', patch, how)) await applyAgeRestriction(tx, guildId);
  return stored;
}

/** As `changeGuildSettings`, for a channel and the threads in it. Null: no such channel. */
export async function changeChannelSettings(
  tx: Transaction,
  channelId: string,
  patch: SettingsPatch,
  how: ChangeHow = 'merge',
): Promise<StoredSettings | null> {
  const change = how === 'merge' ? mergeChannelSettings : replaceChannelSettings;
  const stored = await change(tx, channelId, patch);
  if (stored === null) return null;
  if (mayChange('video_formats', patch, how)) await enqueueReevaluation(tx, { channelId });
  if (mayChange('scan_nsfw', patch, how)) {
    const channel = await getChannel(tx, channelId);
    if (channel) await applyAgeRestriction(tx, channel.guildId);
  }
  return stored;
}

function mayChange(key: keyof SettingsPatch, patch: SettingsPatch, how: ChangeHow): boolean {
  return how === 'replace' || patch[key] !== undefined;
}
