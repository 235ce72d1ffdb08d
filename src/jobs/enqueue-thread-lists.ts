import { listChannelRules } from '../db/channel-rules.ts';
import { threadHolderTypes } from '../db/channel-types.ts';
import { getChannel } from '../db/channels.ts';
import type { Transaction } from '../db/database.ts';
import { addJob } from '../db/job-queue.ts';
import { askForThreadLists, ensureThreadLists, hasOpenThreadLists } from '../db/thread-lists.ts';
import { type JobName, type JobPayloads, scanPriority, threadsJobKey } from './jobs.ts';

const LIST_THREADS: JobName = 'list_threads';
const BURST_SECS = 1; // permissions change in bursts: one listing answers them all

export type ThreadScanResult =
  | { ok: true }
  | {
      ok: false;
      reason:
        | 'channel_unknown'
        | 'channel_holds_no_threads'
        | 'channel_not_reading'
        | 'channel_age_restricted';
    };

/**
 * Scans the threads of a channel because a person asks for it: lists what is archived there, and queues a run for each
 * thread that is not covered. The scan of a forum or media channel is nothing else.
 */
export async function scanThreadsOf(tx: Transaction, channelId: string): Promise<ThreadScanResult> {
  const channel = await getChannel(tx, channelId);
  const rules = (await listChannelRules(tx, [channelId])).get(channelId);
  if (!channel || !rules) return { ok: false, reason: 'channel_unknown' };
  if (channel.type === null || !threadHolderTypes.includes(channel.type)) {
    return { ok: false, reason: 'channel_holds_no_threads' };
  }
  if (!rules.isOpen) return { ok: false, reason: 'channel_age_restricted' };
  if (!rules.isReading) return { ok: false, reason: 'channel_not_reading' };
  await ask(tx, { guildId: channel.guildId, channelId, requestedBy: 'person' });
  return { ok: true };
}

/** The same for all channels of a guild that are being read. */
export async function scanThreadsOfGuild(tx: Transaction, guildId: string): Promise<void> {
  await ask(tx, { guildId, requestedBy: 'person' });
}

async function ask(tx: Transaction, payload: JobPayloads['list_threads']): Promise<void> {
  const { guildId, channelId } = payload;
  await ensureThreadLists(tx, guildId);
  await askForThreadLists(tx, guildId, channelId === undefined ? null : [channelId]);
  await addThreadsJob(tx, payload, 0);
}

/**
 * Lists the threads of a guild as far as they are due, or were refused: permissions may have changed. Costs nothing,
 * and no request, where there is nothing to do.
 */
export async function enqueueThreadLists(tx: Transaction, guildId: string): Promise<void> {
  await ensureThreadLists(tx, guildId);
  if (!(await hasOpenThreadLists(tx, guildId))) return;
  await addThreadsJob(tx, { guildId, requestedBy: 'auto' }, BURST_SECS);
}

/** The same, for channels that have come into the bot's sight again: what was archived in them meanwhile is unknown. */
export async function enqueueRegainedThreadLists(
  tx: Transaction,
  guildId: string,
  channelIds: readonly string[] | null,
): Promise<void> {
  await askForThreadLists(tx, guildId, channelIds);
  await enqueueThreadLists(tx, guildId);
}

export async function addThreadsJob(
  tx: Transaction,
  payload: JobPayloads['list_threads'],
  delaySecs: number,
): Promise<void> {
  await addJob(tx, {
    task: LIST_THREADS,
    payload,
    key: threadsJobKey(payload),
    priority: scanPriority[payload.requestedBy],
    delaySecs,
  });
}
