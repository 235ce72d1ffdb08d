import type { APIMessage } from 'discord-api-types/v10';
import { getChannelAccess } from '../db/channel-access.ts';
import { ensureCoverage, getCoverage } from '../db/coverage.ts';
import type { Database } from '../db/database.ts';
import { SETTLE_MS } from '../db/live-coverage.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { isSnowflake, snowflakeTime } from '../discord/snowflake.ts';
import { isOthersTurn } from '../jobs/queue-scan-runs.ts';
import type { Clock } from '../lib/clock.ts';
import { type IdRange, topOf } from '../lib/ranges.ts';
import { PageWriter } from './page-writer.ts';
import type { SuccessReason } from './reasons.ts';
import { maxId, OPEN_TOP, planHoles, settlePage, wantedRange } from './scan-plan.ts';
import { Turn } from './turn.ts';
import type { AccessVerifier } from './verify-access.ts';
import { WalkMeter } from './walk-meter.ts';

export const PAGE_SIZE = 100; // the most that Discord sends at once

export type WalkTools = { db: Database; rest: DiscordRest; verifier: AccessVerifier; clock: Clock };

/**
 * `turn_over`: there is more to walk, but others are next. `stopped`: the run was canceled, or belongs to another worker
 * by now; nothing more may be written for it.
 */
export type WalkResult =
  | { outcome: 'finished'; reason: SuccessReason }
  | { outcome: 'turn_over' }
  | { outcome: 'stopped' };

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
  const channelId = BigInt(run.channelId);
  // The channel's own id exists too: a channel that shows nothing was read up to its making.
  const newestTold = maxId([(topOf(scanned) ?? 1n) - 1n, ...(await toldIds(db, run.channelId))]);
  let highestKnownId = maxId([channelId, newestTold]);
  const planned = planHoles(wantedRange(run), scanned);
  const meter = new WalkMeter(channelId, planned, tools.clock);
  const turn = new Turn(tools.clock, () => isOthersTurn(db, run.id));
  const writer = new PageWriter(run, workerId, db);
  let [hole, ...others]: readonly IdRange[] = planned;
  // A full page has more below it, most likely; any other may be the last, so the next one is asked for with its proof.
  let withProof = true;
  let isNewest = true;
  while (hole) {
    const request: PageRequest = { before: hole.high, withProof };
    const page: Page = isNewest
      ? await fetchSettledPage(run, request, newestTold, tools, signal)
      : await fetchPage(run, request, tools, signal);
    isNewest = false;
    withProof = page.ids.length < PAGE_SIZE;
    highestKnownId = maxId([highestKnownId, page.ids[0] ?? 0n]);
    const settled = settlePage({ holes: [hole, ...others], highestKnownId, channelId }, page.ids);
    const pace = meter.settle(settled.holes, highestKnownId);
    const messages = messagesOf(page, settled.ids);
    const isLast = settled.holes.length === 0;
    const outcome = await writer.write({ covered: settled.covered, isLast, messages, pace });
    if (outcome === 'not_running') return { outcome: 'stopped' };
    [hole, ...others] = settled.holes;
    if (hole && (await turn.isOver())) return { outcome: 'turn_over' };
  }
  return { outcome: 'finished', reason: run.afterMessageId === null ? 'start_reached' : 'range_covered' };
}

/** Newest first, each message once; `ids` are theirs, in the same order. */
type Page = { ids: readonly bigint[]; messages: readonly APIMessage[] };

/** `withProof`: the message at `before` is asked for as well. That it is shown proves that the history is open to us. */
type PageRequest = { before: bigint; withProof: boolean };

/**
 * The newest page of a walk, once no message can come any more that belongs between those that it shows: Discord makes
 * ids before messages, and those of one moment appear in any order. All other pages are older.
 */
async function fetchSettledPage(
  run: ScanRun,
  request: PageRequest,
  newestTold: bigint,
  tools: WalkTools,
  signal: AbortSignal,
): Promise<Page> {
  const topOver = (newestSeen: bigint): bigint => {
    const newest = maxId([newestTold, newestSeen]);
    return newest >= request.before ? request.before : newest + 1n;
  };
  await settle(topOver(0n), tools, signal);
  const page = await fetchPage(run, request, tools, signal);
  const top = topOver(page.ids[0] ?? 0n);
  const hasWaited = await settle(top, tools, signal);
  // What is posted meanwhile stays above: it would not be settled either.
  return hasWaited ? fetchPage(run, { ...request, before: top }, tools, signal) : page;
}

/** Waits until messages below this id have had time to appear. False: they had it before. */
async function settle(top: bigint, { clock, rest }: WalkTools, signal: AbortSignal): Promise<boolean> {
  if (top >= OPEN_TOP) return false;
  const waitMs = snowflakeTime(String(top)) + SETTLE_MS - rest.now();
  if (waitMs <= 0) return false;
  await clock.sleep(Math.min(waitMs, SETTLE_MS), signal); // not longer, whatever bound or clock it is
  return true;
}

/**
 * One page as far as it can be believed: neither its emptiness nor its silence is taken at its word. A page that shows
 * the message above it proves in one answer that the history is open to us and what is below. Where there is no such
 * message, permissions are asked for, and then again.
 */
async function fetchPage(
  run: ScanRun,
  request: PageRequest,
  tools: WalkTools,
  signal: AbortSignal,
): Promise<Page> {
  const page = await requestPage(run, request, tools, signal);
  if (page.ids.length > 0) return believeContent(run, request, page, tools, signal);
  const { before, withProof } = request;
  if (before !== OPEN_TOP && !withProof) {
    return fetchPage(run, { before, withProof: true }, tools, signal);
  }
  await tools.verifier.verifyEmptiness(run.channelId, run.guildId, signal);
  const open = await requestPage(run, request, tools, signal);
  return believeContent(run, request, open, tools, signal);
}

async function believeContent(
  run: ScanRun,
  request: PageRequest,
  page: Page,
  tools: WalkTools,
  signal: AbortSignal,
): Promise<Page> {
  const { verifier } = tools;
  if (!(await verifier.suspectsSilence(messagesBelow(page, request.before), signal))) return page;
  await verifier.verifyContent(signal);
  const told = await requestPage(run, request, tools, signal); // the content may have come back only in between
  return told.ids.length > 0 ? told : fetchPage(run, request, tools, signal);
}

async function requestPage(
  run: ScanRun,
  { before, withProof }: PageRequest,
  { rest }: WalkTools,
  signal: AbortSignal,
): Promise<Page> {
  const end = withProof ? before + 1n : before;
  const query = end >= OPEN_TOP ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, before: String(end) };
  const messages = await rest.listMessages(run.channelId, query, {
    signal,
    priority: 'background',
    guildId: run.guildId,
  });
  return readPage(messages, end);
}

/**
 * The messages below `end` in order. One that shifted while Discord made the page can be in it twice; what has no id is
 * no message, and proves nothing.
 */
function readPage(told: readonly APIMessage[], end: bigint): Page {
  const ids: bigint[] = [];
  const messages: APIMessage[] = [];
  let isInOrder = true;
  for (const message of told) {
    if (!isSnowflake(message?.id)) continue;
    const id = BigInt(message.id);
    if (id >= end) continue;
    const above = ids.at(-1);
    if (above !== undefined && id >= above) isInOrder = false;
    ids.push(id);
    messages.push(message);
  }
  return isInOrder ? { ids, messages } : inOrder(ids, messages);
}

function inOrder(ids: readonly bigint[], messages: readonly APIMessage[]): Page {
  const places = new Map(ids.map((id, place) => [id, place]));
  const sorted = [...places].sort(([a], [b]) => (a < b ? 1 : -1));
  return { ids: sorted.map(([id]) => id), messages: sorted.flatMap(([, place]) => messages[place] ?? []) };
}

/** The messages of a page with these of its ids, which stand in the same order. */
function messagesOf({ ids, messages }: Page, wanted: readonly bigint[]): readonly APIMessage[] {
  if (wanted.length === ids.length) return messages;
  const isWanted = new Set(wanted);
  return messages.filter((_, place) => isWanted.has(ids[place] ?? OPEN_TOP));
}

/** Without the message that was asked for as the proof. */
function messagesBelow({ ids, messages }: Page, before: bigint): readonly APIMessage[] {
  return ids[0] !== undefined && ids[0] >= before ? messages.slice(1) : messages;
}

/** The channel's newest message as Discord told it at some time; it may be gone by now, but it existed. */
async function toldIds(db: Database, channelId: string): Promise<bigint[]> {
  const newest = (await getChannelAccess(db, channelId))?.channel.newestMessageId;
  return newest ? [BigInt(newest)] : [];
}
