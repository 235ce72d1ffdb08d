import type { Database } from '../db/database.ts';
import {
  findVanishedThreads,
  listThreadLists,
  noteOutOfSight,
  refuseThreadList,
  type ThreadList,
  wantThreadList,
} from '../db/thread-lists.ts';
import { DiscordError } from '../discord/discord-error.ts';
import type { JobPayloads } from '../jobs/jobs.ts';
import type { Logger } from '../lib/log.ts';
import { removeGoneThread } from './gone-thread.ts';
import {
  enqueueThreadScans,
  keepThreads,
  readJoinedThreads,
  readThreadList,
  type ThreadListTools,
} from './read-thread-list.ts';
import { readThreadAccess, type ThreadAccess } from './thread-access.ts';
import type { AccessVerifier } from './verify-access.ts';

export type ListThreadsTools = ThreadListTools & { verifier: AccessVerifier; log: Logger };

type Request = JobPayloads['list_threads'];
type OpenList = { list: ThreadList; access: ThreadAccess };

const ENQUEUE_BATCH = 500; // threads of one transaction: it holds their rows
const MAX_VANISHED = 50; // threads asked for one by one after a listing; the next one asks for the rest

/**
 * Brings the threads of a guild, or of one channel, up to date as far as their lists are due: active ones first (one
 * request), then archived ones, so that a thread that is archived in between is seen. Nothing due: no request.
 *
 * @throws DiscordError when Discord does not answer, or asks for a long wait
 */
export async function listThreads(
  request: Request,
  tools: ListThreadsTools,
  signal: AbortSignal,
): Promise<void> {
  const { db, verifier } = tools;
  const lists = await listThreadLists(db, request);
  if (!lists.some((list) => list.dueAt !== null || list.refusal !== null)) return;
  const accessTo = await readThreadAccess(db, request.guildId, await verifier.getBotUserId(signal));
  const open: OpenList[] = lists.map((list) => ({ list, access: accessTo(list) }));
  const readable = open.filter(({ access }) => !access?.refusal);
  for (const { list, access } of open.filter(({ list }) => list.dueAt !== null)) {
    if (access?.refusal) await refuseThreadList(db, list, access.refusal);
  }
  const parentIds = new Set(readable.map(({ list }) => list.channelId));
  if (request.requestedBy === 'person') await scanKnownThreads([...parentIds], db);
  const due = readable.filter(isWanted);
  if (due.length === 0) return;
  const activeIds = await listActive(request, parentIds, tools, signal);
  const listed: string[] = [];
  for (const one of due) {
    const isListed = await listArchived(one, request, tools, signal);
    if (isListed) listed.push(one.list.channelId);
  }
  if (activeIds !== null) await checkVanished(request, listed, activeIds, tools, signal);
}

/** Whether it is due, or was refused for want of what the bot has by now. */
function isWanted({ list, access }: OpenList): boolean {
  if (list.dueAt !== null || list.refusal === null || access === null) return list.dueAt !== null;
  if (list.refusal === 'no_manage_threads') return access.canManageThreads;
  return ['missing_access', 'no_history_permission'].includes(list.refusal);
}

/** Threads that we know of already, and that no list will show again. */
async function scanKnownThreads(parentIds: readonly string[], db: Database): Promise<void> {
  for (let queued = 1; queued > 0; ) {
    queued = await db.transaction((tx) => enqueueThreadScans(tx, { parentIds }, 'person', ENQUEUE_BATCH));
  }
}

/** Answers the ids of all threads of the guild that are active now; null: Discord does not tell them to us. */
async function listActive(
  { guildId, channelId, requestedBy }: Request,
  readable: ReadonlySet<string>,
  { db, rest, log }: ListThreadsTools,
  signal: AbortSignal,
): Promise<string[] | null> {
  try {
    const { threads = [] } = await rest.listActiveThreads(guildId, { signal, priority: 'background' });
    const isOurs = (parentId: string | null | undefined) =>
      readable.has(parentId ?? '') && (channelId === undefined || parentId === channelId);
    const ours = threads.filter((thread) => isOurs(thread?.parent_id));
    await db.transaction((tx) => keepThreads(tx, guildId, ours, requestedBy));
    return threads.flatMap((thread) => thread?.id ?? []);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    log.debug({ guild: guildId, refusal }, 'active threads not listed');
    return null;
  }
}

/** False when it was refused: that of one channel must not stop the others. */
async function listArchived(
  { list, access }: OpenList,
  { requestedBy }: Request,
  tools: ListThreadsTools,
  signal: AbortSignal,
): Promise<boolean> {
  const wanted = { ...list, dueAt: list.dueAt ?? (await wantThreadList(tools.db, list)) };
  try {
    if (list.visibility === 'public') await readThreadList(wanted, requestedBy, tools, signal);
    else await listPrivate({ list: wanted, access }, requestedBy, tools, signal);
    return true;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    tools.log.debug({ channel: list.channelId, visibility: list.visibility, refusal }, 'threads not listed');
    await refuseThreadList(tools.db, list, refusal);
    return false;
  }
}

/** All private threads, or where Discord does not allow that, those that the bot is in. */
async function listPrivate(
  { list, access }: OpenList,
  requestedBy: Request['requestedBy'],
  tools: ListThreadsTools,
  signal: AbortSignal,
): Promise<void> {
  if (access?.canManageThreads !== false) {
    try {
      return await readThreadList(list, requestedBy, tools, signal);
    } catch (error) {
      if (refusalOf(error) !== 'missing_access') throw error;
    }
  }
  await readJoinedThreads(list, requestedBy, tools, signal);
}

/** Why a list cannot be read, as Discord says; null: it said nothing of the kind. */
function refusalOf(error: unknown): string | null {
  if (!(error instanceof DiscordError)) return null;
  if (error.kind === 'forbidden') return 'missing_access';
  if (error.kind === 'not_found') return 'channel_gone';
  return error.kind === 'bad_request' ? 'not_supported' : null;
}

/**
 * Threads that were active and are in no list any more: asked for one by one, those that are gone go here too, and those
 * out of our sight count as archived.
 */
async function checkVanished(
  { guildId, requestedBy }: Request,
  parentIds: readonly string[],
  activeIds: readonly string[],
  { db, rest }: ListThreadsTools,
  signal: AbortSignal,
): Promise<void> {
  for (const threadId of await findVanishedThreads(db, parentIds, activeIds, MAX_VANISHED)) {
    try {
      const thread = await rest.getChannel(threadId, { signal, guildId });
      await db.transaction((tx) => keepThreads(tx, guildId, [thread], requestedBy));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      if (refusal === 'missing_access') await noteOutOfSight(db, threadId);
      else await removeGoneThread(db, threadId, error);
    }
  }
}
