import type { APIChannel, GatewayThreadListSyncDispatchData } from 'discord-api-types/v10';
import { startReadingNew } from '../db/channel-rules.ts';
import { getChannel } from '../db/channels.ts';
import { deleteChannel, type NewChannel, upsertChannels } from '../db/channels-sync.ts';
import type { Transaction } from '../db/database.ts';
import { beginLiveCoverage, breakLiveCoverage } from '../db/live-coverage.ts';
import { isThread } from '../discord/channel-types.ts';
import { enqueueRegainedThreadLists, enqueueThreadLists } from '../jobs/enqueue-thread-lists.ts';
import { readChannels } from '../library/read-channels.ts';
import { followUp } from './auto-scan.ts';
import { changeBotAccess } from './bot-access.ts';
import type { ShardIdentity } from './guild-events.ts';

/** One that has just been made: whatever is posted in it comes within this session. */
export async function onChannelCreate(
  tx: Transaction,
  data: APIChannel & { guild_id?: string; newly_created?: boolean },
  shard: ShardIdentity & { sessionId: string },
): Promise<void> {
  const [channel] = readChannels([data]);
  const isKnown = channel !== undefined && (await getChannel(tx, channel.id)) !== null;
  await onChannelChange(tx, data, shard);
  if (!channel || isKnown) return;
  // A thread is also told of when the bot comes to see it.
  const isNew = !isThread(channel.type) || data.newly_created === true;
  const hasOlder = channel.newestMessageId !== null && channel.newestMessageId !== channel.id;
  if (isNew && !hasOlder) await beginLiveCoverage(tx, shard.sessionId, [channel.id]);
}

/** Channels and threads alike, new or changed: overwrites, age restriction and name are as told now. */
export async function onChannelChange(
  tx: Transaction,
  data: APIChannel & { guild_id?: string },
  { botUserId }: ShardIdentity,
): Promise<void> {
  const { guild_id: guildId } = data;
  const [channel] = readChannels([data]);
  if (guildId === undefined || !channel) return;
  if (isThread(channel.type)) {
    // Who sees a public thread sees its channel, whatever the thread says.
    if (channel.type === 'private_thread') await breakLiveCoverage(tx, guildId, [channel.id]);
    await syncThreads(tx, guildId, [channel], botUserId);
    return;
  }
  await changeBotAccess(tx, { guildId, botUserId }, async () => {
    await startReadingNew(tx, await upsertChannels(tx, guildId, [channel]));
  });
  await followUp(tx, guildId, botUserId);
  await enqueueThreadLists(tx, guildId); // a channel may be new, or open to us only now
}

/** The threads of channels that have just become visible to us. */
export async function onThreadListSync(
  tx: Transaction,
  data: GatewayThreadListSyncDispatchData,
  { botUserId }: ShardIdentity,
): Promise<void> {
  const threads = readChannels(data.threads);
  await breakLiveCoverage(
    tx,
    data.guild_id,
    threads.map((thread) => thread.id),
  );
  await syncThreads(tx, data.guild_id, threads, botUserId);
  await enqueueRegainedThreadLists(tx, data.guild_id, data.channel_ids ?? null);
}

export async function onChannelDelete(tx: Transaction, data: { id: string }): Promise<void> {
  await deleteChannel(tx, data.id);
}

async function syncThreads(
  tx: Transaction,
  guildId: string,
  threads: readonly NewChannel[],
  botUserId: string,
): Promise<void> {
  await startReadingNew(tx, await upsertChannels(tx, guildId, threads));
  await followUp(
    tx,
    guildId,
    botUserId,
    threads.map((thread) => thread.id),
  );
}
