import type { APIMessage } from 'discord-api-types/v10';
import { listChannelRules } from '../db/channel-rules.ts';
import { ensureCoverage, getCoverage } from '../db/coverage.ts';
import type { Database } from '../db/database.ts';
import { commitScanPage, type ScanPage } from '../db/scan-pages.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import type { NewAuthor, PostedVideo } from '../db/videos.ts';
import type { DiscordRest } from '../discord/rest.ts';
import { isSnowflake, snowflakeTime } from '../discord/snowflake.ts';
import type { IdRange } from '../lib/ranges.ts';
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
  const { db, rest, verifier } = tools;
  await ensureCoverage(db, run.channelId);
  const channel = await rest.getChannel(run.channelId, { signal });
  const newestKnownId = readNewestId(channel);
  const wanted = wantedRange(run.channelId, run);
  const holes = planHoles(wanted, await getCoverage(db, run.channelId), newestKnownId);
  if (holes.length > 0) await verifier.verifyContentIntent(signal);
  let highestKnownId = newestKnownId;
  for (const hole of holes) {
    const hasOpenBottom = run.afterMessageId === null && hole.low === wanted.low;
    for (let before: bigint | null = hole.high; before !== null; ) {
      const page: APIMessage[] = await fetchPage(run, before, tools, signal);
      const ids = page.map((message) => BigInt(message.id));
      highestKnownId = maxId([...ids, ...(highestKnownId === null ? [] : [highestKnownId])]);
      const settled = settlePage(hole, before, ids, { hasOpenBottom, highestKnownId });
      const taken = new Set(settled.ids.map(String));
      const messages = page.filter((message) => taken.has(message.id));
      const scanPage = await readPage(run, workerId, settled.covered, messages, db);
      if ((await commitScanPage(db, scanPage)) === 'not_running') return { outcome: 'stopped' };
      before = settled.nextBefore;
    }
  }
  return { outcome: 'finished', reason: run.afterMessageId === null ? 'start_reached' : 'range_covered' };
}

/** One page as far as it can be believed: neither its emptiness nor its silence is taken at its word. */
async function fetchPage(
  run: ScanRun,
  before: bigint,
  { rest, verifier }: WalkTools,
  signal: AbortSignal,
): Promise<APIMessage[]> {
  const query = before === OPEN_TOP ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, before: String(before) };
  const page = await rest.listMessages(run.channelId, query, { signal, priority: 'background' });
  const messages = page.filter((message) => isSnowflake(message?.id));
  if (messages.length === 0) await verifier.verifyEmptiness(run.channelId, run.guildId, signal);
  else await verifier.verifyContent(messages, signal);
  return messages;
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

function readNewestId(channel: object): bigint | null {
  const id = 'last_message_id' in channel ? channel.last_message_id : null;
  return isSnowflake(id) ? BigInt(id) : null;
}
