import type { APIMessage } from 'discord-api-types/v10';
import { getChannelAccess } from '../db/channel-access.ts';
import { listChannelRules } from '../db/channel-rules.ts';
import { ensureCoverage, getCoverage } from '../db/coverage.ts';
import type { Database } from '../db/database.ts';
import { commitScanPage, type ScanPage } from '../db/scan-pages.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import type { NewAuthor, PostedVideo } from '../db/videos.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { isSnowflake, snowflakeTime } from '../discord/snowflake.ts';
import { type IdRange, topOf } from '../lib/ranges.ts';
import { extractVideos } from '../library/extract-videos.ts';
import { ScanFailure, type SuccessReason } from './reasons.ts';
import { maxId, OPEN_TOP, planHoles, settlePage, wantedRange } from './scan-plan.ts';
import type { AccessVerifier } from './verify-access.ts';

export const PAGE_SIZE = 100; // the most that Discord sends at once

export type WalkTools = { db: Database; rest: DiscordRest; verifier: AccessVerifier };

/** `stopped`: the run was canceled, or belongs to another worker by now; nothing more may be written for it. */
export type WalkResult = { outcome: 'finished'; reason: SuccessReason } | { outcome: 'stopped' };

/**
 * Walks the holes of a run from the newest message to the oldest, page by page; each page and the proof that it was
 * read are committed together. Killed anywhere, the next attempt plans anew from what is covered and goes on there.
 *
 * @throws ScanFailure what a person must mend first
 * @throws DiscordError when Discord does not answer, or asks for a long wait
 */
export async function walkChannel(
  run: ScanRun,
  workerId: string,
  tools: WalkTools,
  signal: AbortSignal,
): Promise<WalkResult> {
  const { db } = tools;
  await ensureCoverage(db, run.channelId);
  const scanned = await getCoverage(db, run.channelId);
  let highestKnownId = maxId([...(await toldIds(db, run.channelId)), (topOf(scanned) ?? 1n) - 1n]) || null;
  for (const hole of planHoles(wantedRange(run), scanned)) {
    for (let before: bigint | null = hole.high; before !== null; ) {
      const page = await fetchPage(run, before, tools, signal);
      const ids = [...page.keys()];
      highestKnownId = maxId(highestKnownId === null ? ids : [...ids, highestKnownId]);
      const settled = settlePage(hole, before, ids, highestKnownId);
      const messages = settled.ids.flatMap((id) => page.get(id) ?? []);
      const scanPage = await readPage(run, workerId, settled.covered, messages, db);
      if ((await commitScanPage(db, scanPage)) === 'not_running') return { outcome: 'stopped' };
      before = settled.nextBefore;
    }
  }
  return { outcome: 'finished', reason: run.afterMessageId === null ? 'start_reached' : 'range_covered' };
}

/** Messages by their id: one that shifted while Discord made the page can be in it twice. */
type Page = ReadonlyMap<bigint, APIMessage>;

/** One page as far as it can be believed: neither its emptiness nor its silence is taken at its word. */
async function fetchPage(run: ScanRun, before: bigint, tools: WalkTools, signal: AbortSignal): Promise<Page> {
  const { verifier } = tools;
  const page = await requestPage(run, before, tools, signal);
  if (page.size === 0) return confirmEmptiness(run, before, tools, signal);
  if (!(await verifier.suspectsSilence([...page.values()], signal))) return page;
  await verifier.verifyContent(signal);
  return requestPage(run, before, tools, signal); // the content may have come back only in between
}

/**
 * Asks once more so that the message above is in the page as well: that it is shown proves, in one answer, that the
 * history is open to us and what is below. Where there is no such message, permissions are asked for, and then again.
 */
async function confirmEmptiness(
  run: ScanRun,
  before: bigint,
  tools: WalkTools,
  signal: AbortSignal,
): Promise<Page> {
  if (before !== OPEN_TOP) {
    const overlap = await requestPage(run, before + 1n, tools, signal);
    const isShown = overlap.has(before);
    const below = new Map([...overlap].filter(([id]) => id < before));
    if (isShown || below.size > 0) return below;
  }
  await tools.verifier.verifyEmptiness(run.channelId, run.guildId, signal);
  return requestPage(run, before, tools, signal);
}

async function requestPage(
  run: ScanRun,
  before: bigint,
  { rest }: WalkTools,
  signal: AbortSignal,
): Promise<Page> {
  const query = before >= OPEN_TOP ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, before: String(before) };
  const messages = await rest.listMessages(run.channelId, query, { signal, priority: 'background' });
  return new Map(
    messages.flatMap((message) => (isSnowflake(message?.id) ? [[BigInt(message.id), message]] : [])),
  );
}

/** The channel's newest message as Discord told it at some time; it may be gone by now, but it existed. */
async function toldIds(db: Database, channelId: string): Promise<bigint[]> {
  const newest = (await getChannelAccess(db, channelId))?.channel.newestMessageId;
  return newest ? [BigInt(newest)] : [];
}

/** What the page brings, by the settings that hold now: a change of settings applies from the next page on. */
async function readPage(
  run: ScanRun,
  workerId: string,
  covered: IdRange | null,
  messages: readonly APIMessage[],
  db: Database,
): Promise<ScanPage> {
  const rules = (await listChannelRules(db, [run.channelId])).get(run.channelId);
  if (!rules) throw new ScanFailure('channel_gone');
  if (!rules.isOpen) throw new ScanFailure('channel_age_restricted');
  if (!rules.isReading) throw new ScanFailure('channel_not_reading');
  const formats = new Set(rules.settings.video_formats);
  const videos: PostedVideo[] = [];
  const authors = new Map<string, NewAuthor>();
  let matchedCount = 0;
  for (const message of messages) {
    const extracted = extractVideos(message, formats);
    if (extracted.videos.length === 0) continue;
    matchedCount += 1;
    videos.push(...extracted.videos.map((video) => ({ ...video, channelId: run.channelId })));
    if (extracted.author) authors.set(extracted.author.id, extracted.author);
  }
  const messageIds = messages.map((message) => message.id);
  const newestMs = messageIds.reduce((newest, id) => Math.max(newest, snowflakeTime(id)), 0);
  return {
    runId: run.id,
    workerId,
    covered,
    messageIds,
    matchedCount,
    videos,
    authors: [...authors.values()],
    newestAt: newestMs === 0 ? null : new Date(newestMs).toISOString(),
  };
}
