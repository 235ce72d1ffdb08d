import type { APIChannel } from 'discord-api-types/v10';
import { startReadingNew } from '../db/channel-rules.ts';
import { findHousedThreads, upsertChannels } from '../db/channels-sync.ts';
import { findThreadsToScan } from '../db/channels-to-scan.ts';
import type { Database, Transaction } from '../db/database.ts';
import { advanceThreadList, finishThreadList, listThreadLists, type ThreadList } from '../db/thread-lists.ts';
import { isThread } from '../discord/channel-types.ts';
import type { ArchivedThreadList, DiscordRest } from '../discord/rest.ts';
import { compareSnowflakes } from '../discord/snowflake.ts';
import { enqueueScans } from '../jobs/enqueue-scan.ts';
import { readChannels } from '../library/read-channels.ts';
import { readTime } from '../library/wire-values.ts';
import { planThreadList } from './thread-list-plan.ts';

export type ThreadListTools = { db: Database; rest: DiscordRest };

type Requester = 'person' | 'auto';

/**
 * Reads a list of archived threads from where it stands to what is known, page by page; the threads of a page, their
 * scans and how far the list was read are committed together. Killed anywhere, the next attempt goes on there, and
 * then looks at the top once more. Two at once read on from each other's pages.
 *
 * @throws DiscordError when Discord refuses, does not answer, or asks for a long wait
 */
export async function readThreadList(
  start: ThreadList,
  requestedBy: Requester,
  { db, rest }: ThreadListTools,
  signal: AbortSignal,
): Promise<void> {
  const { guildId, channelId, visibility } = start;
  let list: ThreadList | undefined = start;
  for (let asked = topOf(start); list?.dueAt; list = await readAgain(db, list)) {
    const current: ThreadList = list;
    asked ??= topOf(current);
    const before = current.nextBefore?.toISOString();
    const answer = await rest.listArchivedThreads(channelId, visibility, before, {
      signal,
      priority: 'background',
      guildId,
    });
    const step = planThreadList(current, {
      archivedAtMs: archiveTimes(answer),
      hasMore: hasMore(answer),
    });
    await db.transaction(async (tx) => {
      await keepThreads(tx, guildId, answer.threads, requestedBy);
      if (step.kind === 'more') await advanceThreadList(tx, current, step);
      else await finishThreadList(tx, current, { listedTo: step.listedTo, refusal: null, asked });
    });
    if (step.kind === 'end') asked = null;
  }
}

/**
 * Where the bot may not manage threads, Discord lists the private ones that it is in: by their ids and not by when they
 * were archived, so all of them are read each time. A bot is in few.
 */
export async function readJoinedThreads(
  list: ThreadList,
  requestedBy: Requester,
  { db, rest }: ThreadListTools,
  signal: AbortSignal,
): Promise<void> {
  const { guildId, channelId, listedTo } = list;
  let before: string | undefined;
  for (let isDone = false; !isDone; ) {
    const answer = await rest.listJoinedArchivedThreads(channelId, before, {
      signal,
      priority: 'background',
      guildId,
    });
    const oldest = readChannels(answer.threads)
      .map(({ id }) => id)
      .sort(compareSnowflakes)[0];
    isDone = oldest === undefined || !hasMore(answer) || oldest === before;
    before = oldest;
    await db.transaction(async (tx) => {
      await keepThreads(tx, guildId, answer.threads, requestedBy);
      const end = { listedTo, refusal: 'no_manage_threads', asked: list };
      if (isDone) await finishThreadList(tx, list, end);
    });
  }
}

/** Threads as Discord tells of them now, with a run for each that is not covered. Repeating it changes nothing. */
export async function keepThreads(
  tx: Transaction,
  guildId: string,
  payloads: readonly APIChannel[] | undefined,
  requestedBy: Requester,
): Promise<void> {
  const told = readChannels(payloads).filter(({ type }) => isThread(type));
  const threads = await findHousedThreads(tx, guildId, told);
  const added = await upsertChannels(tx, guildId, threads);
  await startReadingNew(tx, added);
  const threadIds = threads.map(({ id }) => id);
  await enqueueThreadScans(tx, { threadIds }, requestedBy, threadIds.length);
}

/** Answers how many runs were queued. */
export async function enqueueThreadScans(
  tx: Transaction,
  where: Parameters<typeof findThreadsToScan>[1],
  requestedBy: Requester,
  limit: number,
): Promise<number> {
  const found = await findThreadsToScan(tx, where, requestedBy, limit);
  const results = await enqueueScans(
    tx,
    found.map(({ channelId, afterMessageId, isFirst }) => ({
      channelId,
      afterMessageId,
      requestedBy: requestedBy === 'auto' && !isFirst ? 'catch_up' : requestedBy,
    })),
  );
  return results.filter((result) => result.ok).length;
}

/** The list whose top is about to be read; null when a listing that was cut off goes on further down. */
function topOf(list: ThreadList): ThreadList | null {
  return list.nextBefore === null ? list : null;
}

/** As it stands now; undefined when the channel is no longer to be read. */
async function readAgain(db: Database, list: ThreadList): Promise<ThreadList | undefined> {
  const lists = await listThreadLists(db, list);
  return lists.find(({ visibility }) => visibility === list.visibility);
}

function archiveTimes({ threads }: ArchivedThreadList): number[] {
  return (threads ?? []).flatMap((thread) => {
    const time = readTime(thread?.thread_metadata?.archive_timestamp);
    return time === null ? [] : [Date.parse(time)];
  });
}

function hasMore({ has_more, threads }: ArchivedThreadList): boolean {
  return has_more ?? (threads ?? []).length > 0;
}
