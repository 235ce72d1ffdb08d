import type { APIMessage, APIThreadChannel } from 'discord-api-types/v10';
import { listChannelRules } from '../db/channel-rules.ts';
import type { Database } from '../db/database.ts';
import { commitIndexPage, type IndexPage, type IndexPlace } from '../db/index-pages.ts';
import type { IndexPassReason } from '../db/index-pass-reasons.ts';
import type { IndexPass } from '../db/index-passes.ts';
import { getIndexScope, type IndexScope } from '../db/index-scope.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { isSnowflake } from '../discord/snowflake.ts';
import { PostedFiles } from '../library/posted-files.ts';
import { indexQuery, type SettledIndexPage, settleIndexPage } from './index-plan.ts';
import { addToldThreads } from './index-threads.ts';
import type { Turn } from './turn.ts';
import type { AccessVerifier } from './verify-access.ts';

const MAX_PAGES = 100_000; // 2.5 million messages with videos; what is beyond is left to the walks

export type IndexTools = { db: Database; rest: DiscordRest; verifier: AccessVerifier };

export type IndexResult =
  | {
      outcome: 'finished';
      reason: Extract<IndexPassReason, 'start_reached' | 'nothing_to_read' | 'page_limit'>;
    }
  /** Discord is still building the index; `documentsIndexed` messages are in it. */
  | { outcome: 'indexing'; retryAfterMs: number; documentsIndexed: number }
  /** There is more to ask for, but others are next. */
  | { outcome: 'turn_over' }
  /** The pass was canceled, or belongs to another worker by now; nothing more may be written for it. */
  | { outcome: 'stopped' };

/**
 * Goes through what Discord's search index tells of a guild's videos, search by search and from the newest down; each
 * page is committed with the place where the next one begins. Killed anywhere, the next attempt goes on there.
 * It is quick, and proves nothing: see `index-plan.ts` for what is asked, and `commitIndexPage` for what is written.
 *
 * @throws ScanFailure `no_content_intent`
 * @throws DiscordError when Discord does not answer, refuses the search, or asks for a long wait
 */
export async function runIndexPass(
  pass: IndexPass,
  workerId: string,
  tools: IndexTools,
  turn: Turn,
  signal: AbortSignal,
): Promise<IndexResult> {
  const { db, verifier } = tools;
  let place: IndexPlace = pass;
  let hasSeenMessages = pass.nextMaxId !== null || pass.messagesFound > 0n;
  for (let pages = pass.pages; pages < MAX_PAGES; pages += 1n) {
    const scope = await getIndexScope(db, pass.guildId);
    if (scope === null) return { outcome: 'finished', reason: 'nothing_to_read' };
    const look = await lookAt(pass, place, scope, tools, signal);
    if (look.outcome === 'indexing') return look;
    hasSeenMessages ||= look.hasMessages;
    const page = { ...look.page, passId: pass.id, workerId, guildId: pass.guildId, next: look.next ?? place };
    if ((await db.transaction((tx) => commitIndexPage(tx, page))) === 'not_running') {
      return { outcome: 'stopped' };
    }
    if (look.next === null) {
      if (!hasSeenMessages) await verifier.verifyContent(signal); // an empty index, or one that is withheld
      return { outcome: 'finished', reason: 'start_reached' };
    }
    place = look.next;
    if (await turn.isOver()) return { outcome: 'turn_over' };
  }
  return { outcome: 'finished', reason: 'page_limit' };
}

type PageContent = Pick<IndexPage, 'videos' | 'authors' | 'documentsIndexed'>;

type Look =
  | { outcome: 'settled'; next: IndexPlace | null; page: PageContent; hasMessages: boolean }
  | Extract<IndexResult, { outcome: 'indexing' }>;

/** One page at a place; a second look where the first one brought nothing and might have. */
async function lookAt(
  pass: IndexPass,
  place: IndexPlace,
  scope: IndexScope,
  tools: IndexTools,
  signal: AbortSignal,
): Promise<Look> {
  for (let offset = 0, isSecondLook = false; ; isSecondLook = true) {
    const answer = await search(pass, place, scope, offset, tools, signal);
    if (answer.outcome === 'indexing') return answer;
    const { messages } = answer;
    await addToldThreads(tools.db, pass.guildId, answer.threads);
    const { videos, authors } = await readFiles(messages, scope, tools.db);
    const settled: SettledIndexPage = settleIndexPage(place, {
      ids: messages.map((message) => BigInt(message.id)),
      totalResults: answer.totalResults,
      isSecondLook,
      hasVideos: videos.length > 0,
    });
    if (settled.outcome === 'settled') {
      const page = { videos, authors, documentsIndexed: answer.documentsIndexed };
      return { ...settled, page, hasMessages: messages.length > 0 };
    }
    offset = settled.offset;
  }
}

type Found = {
  outcome: 'found';
  messages: APIMessage[];
  threads: readonly APIThreadChannel[];
  totalResults: number;
  documentsIndexed: number | null;
};

/** An answer with the content of its messages: their silence is not taken at its word. */
async function search(
  pass: IndexPass,
  place: IndexPlace,
  scope: IndexScope,
  offset: number,
  tools: IndexTools,
  signal: AbortSignal,
): Promise<Found | Extract<IndexResult, { outcome: 'indexing' }>> {
  const ask = () =>
    tools.rest.searchMessages(pass.guildId, indexQuery(place, scope, offset), {
      signal,
      priority: 'background',
    });
  let answer = await ask();
  if (
    answer.kind === 'found' &&
    (await tools.verifier.suspectsSilence(hitsOf(answer.result.messages), signal))
  ) {
    await tools.verifier.verifyContent(signal);
    answer = await ask(); // the content may have come back only in between
  }
  if (answer.kind === 'indexing') return { ...answer, outcome: 'indexing' };
  const { total_results, threads, documents_indexed } = answer.result as SearchResult;
  return {
    outcome: 'found',
    messages: hitsOf(answer.result.messages),
    threads: Array.isArray(threads) ? threads : [],
    totalResults: Number(total_results) || 0,
    documentsIndexed: Number.isSafeInteger(documents_indexed) ? Number(documents_indexed) : null,
  };
}

type SearchResult = { total_results?: unknown; threads?: APIThreadChannel[]; documents_indexed?: unknown };

/**
 * The messages that were found, each once. Around a hit its neighbours may be told as well; they say nothing of how
 * far the search has come, so they are left out.
 */
function hitsOf(groups: readonly unknown[]): APIMessage[] {
  const hits = groups.flatMap((group) => {
    const told = (Array.isArray(group) ? group : [group]) as (APIMessage & { hit?: boolean })[];
    const marked = told.filter((message) => message?.hit === true);
    return marked.length > 0 ? marked : told;
  });
  return [...new Map(hits.flatMap((hit) => (isSnowflake(hit?.id) ? [[hit.id, hit]] : []))).values()];
}

/** What the messages bring, by the settings that hold in their channels now. */
async function readFiles(
  messages: readonly APIMessage[],
  scope: IndexScope,
  db: Database,
): Promise<PostedFiles> {
  const channelIds = [...new Set(messages.map((message) => String(message.channel_id)))];
  const rules = await listChannelRules(db, channelIds);
  const files = new PostedFiles();
  for (const message of messages) {
    const formats = rules.get(message.channel_id)?.settings.video_formats ?? scope.formats;
    files.add(message, String(message.channel_id), new Set(formats));
  }
  return files;
}
