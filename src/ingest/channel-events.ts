import type { APIChannel, GatewayThreadListSyncDispatchData } from 'discord-api-types/v10';
import { startReadingNew } from '../db/channel-rules.ts';
import { deleteChannel, upsertChannels } from '../db/channels-sync.ts';
import type { Transaction } from '../db/database.ts';
import { breakLiveCoverage } from '../db/live-messages.ts';
import { followUp, type ShardIdentity } from './guild-events.ts';
import { readChannels } from './payloads.ts';

/** Channels and threads alike, new or changed: overwrites, age restriction and name are as told now. */
export async function onChannelChange(
  tx: Transaction,
  data: APIChannel & { guild_id?: string },
  { botUserId }: ShardIdentity,
): Promise<void> {
  if (data.guild_id !== undefined) await syncChannels(tx, data.guild_id, [data], botUserId);
}

/** The threads of channels that have just become visible to us. */
export async function onThreadListSync(
  tx: Transaction,
  data: GatewayThreadListSyncDispatchData,
  { botUserId }: ShardIdentity,
): Promise<void> {
  await syncChannels(tx, data.guild_id, data.threads, botUserId);
}

export async function onChannelDelete(tx: Transaction, data: { id: string }): Promise<void> {
  await deleteChannel(tx, data.id);
}

async function syncChannels(
  tx: Transaction,
  guildId: string,
  payloads: readonly APIChannel[],
  botUserId: string,
): Promise<void> {
  const channels = readChannels(payloads);
  const added = await upsertChannels(tx, guildId, channels);
  await startReadingNew(tx, added);
  // Its permissions may have been different until now, so live messages may have passed unseen.
  await breakLiveCoverage(
    tx,
    guildId,
    channels.map((channel) => channel.id),
  );
  await followUp(tx, guildId, botUserId);
}
