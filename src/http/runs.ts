import { z } from 'zod';
import { filterSeenRuns, findRun, listRuns, placeOfRun } from '../db/list-scan-runs.ts';
import { describeWait } from '../db/scan-run-reasons.ts';
import type { ScanRun } from '../db/scan-runs.ts';
import { cancelScan } from '../jobs/cancel-scan.ts';
import { enqueueScan } from '../jobs/enqueue-scan.ts';
import { scanThreadsOf } from '../jobs/enqueue-thread-lists.ts';
import { retryScanRun } from '../jobs/retry-scan.ts';
import { scanGuild } from '../jobs/scan-guild.ts';
import { channelScan, guildScan, type ParkedRun, type Run, run, runPage } from './contract/run.ts';
import { encodeRunCursor } from './cursor.ts';
import { action, managerAction } from './door.ts';
import { guildItself, guildOfChannel, guildOfRun } from './guild-of.ts';
import { toPage } from './page.ts';
import { flag, pageSize, runCursor, runId, runStatus, snowflake } from './parameters.ts';
import { notFound } from './problem.ts';
import { runPace } from './run-pace.ts';
import { boundsInverted, notRetryable, runEnded, scanRefused } from './scan-refusals.ts';

export const getRuns = action({
  summary:
    'Scan runs: those under way, then the newest. One that moves meanwhile may be on two pages, or on none',
  query: {
    guild_id: snowflake.optional(),
    channel_id: snowflake.optional(),
    status: runStatus.optional(),
    newest: flag.optional(),
    cursor: runCursor.optional(),
    limit: pageSize,
  },
  answer: runPage,
  async handle({ db, clock }, { query, sight }) {
    const { limit } = query;
    const found = await listRuns(db, await sight(), {
      guildId: query.guild_id,
      channelId: query.channel_id,
      status: query.status,
      isNewest: query.newest,
      after: query.cursor,
      limit: limit + 1,
    });
    const now = new Date(clock.now());
    return toPage(found, {
      limit,
      toItem: (one) => toRun(one, now),
      cursorOf: (last) => encodeRunCursor(placeOfRun(last)),
    });
  },
});

export const getRun = action({
  summary: 'A scan run',
  path: { id: runId },
  answer: run,
  async handle({ db, clock }, { path, sight }) {
    const found = await findRun(db, await sight(), path.id);
    if (found === null) throw unknownRun(path.id);
    return toRun(found, new Date(clock.now()));
  },
});

const scanBody = z.strictObject(
  { afterMessageId: snowflake.nullish(), beforeMessageId: snowflake.nullish() },
  'an object, perhaps with afterMessageId and beforeMessageId',
);

export const scanChannel = managerAction({
  summary: 'Scans a channel, or a part of it: what was read before is not read again. Of a forum: its posts',
  path: { id: snowflake },
  body: scanBody,
  answer: channelScan,
  status: 202,
  guildOf: guildOfChannel,
  async handle({ db, clock }, { path, body }) {
    const { afterMessageId, beforeMessageId } = body;
    if (afterMessageId && beforeMessageId && BigInt(afterMessageId) >= BigInt(beforeMessageId)) {
      throw boundsInverted();
    }
    const request = { channelId: path.id, afterMessageId, beforeMessageId, requestedBy: 'person' as const };
    const queued = await db.transaction((tx) => enqueueScan(tx, request));
    if (queued.ok) return { run: toRun(queued.run, new Date(clock.now())), isListingThreads: false };
    if (queued.reason !== 'channel_holds_no_messages') throw scanRefused(queued);
    const threads = await db.transaction((tx) => scanThreadsOf(tx, path.id));
    if (!threads.ok) throw scanRefused(threads);
    return { run: null, isListingThreads: true };
  },
});

export const scanWholeGuild = managerAction({
  summary: 'Scans all channels of a guild that are read, and their threads',
  path: { id: snowflake },
  answer: guildScan,
  status: 202,
  guildOf: guildItself,
  async handle({ db }, { path, sight }) {
    const eyes = await sight();
    const runIds = await db.transaction((tx) => scanGuild(tx, path.id));
    return { runIds: await filterSeenRuns(db, eyes, runIds) };
  },
});

export const cancelRun = managerAction({
  summary: 'Ends a run. What it has read stays read',
  path: { id: runId },
  answer: run,
  guildOf: guildOfRun,
  async handle({ db, clock }, { path }) {
    const canceled = await db.transaction((tx) => cancelScan(tx, path.id));
    if (!canceled.ok) throw runEnded();
    return toRun(canceled.run, new Date(clock.now()));
  },
});

export const retryRun = managerAction({
  summary: 'Reads what a run that failed or was canceled left',
  path: { id: runId },
  answer: run,
  status: 202,
  guildOf: guildOfRun,
  async handle({ db, clock }, { path }) {
    const retried = await db.transaction((tx) => retryScanRun(tx, path.id));
    if (retried.ok) return toRun(retried.run, new Date(clock.now()));
    if (retried.reason === 'run_unknown') throw unknownRun(path.id);
    if (retried.reason === 'run_not_retryable') throw notRetryable(retried.status);
    throw scanRefused(retried);
  },
});

function unknownRun(id: string) {
  return notFound(`There is no run ${id} here.`);
}

export function toRun(run: ScanRun, now = new Date()): Run {
  const parked = toParked(run);
  return {
    id: run.id,
    channelId: run.channelId,
    channelName: run.channelName,
    guildId: run.guildId,
    status: run.status,
    afterMessageId: run.afterMessageId,
    beforeMessageId: run.beforeMessageId,
    messagesScanned: String(run.messagesScanned),
    messagesMatched: String(run.messagesMatched),
    videosFound: String(run.videosFound),
    indexFound: String(run.indexFound),
    indexMissed: String(run.indexMissed),
    reachedAt: run.reachedAt?.toISOString() ?? null,
    ...runPace(run, now),
    requestedBy: run.requestedBy,
    reason: parked ? 'parked' : run.reason,
    parked,
    errorMessage: run.errorMessage,
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}

function toParked({ parkedReason, parkedUntil }: ScanRun): ParkedRun | null {
  if (parkedReason === null || parkedUntil === null) return null;
  return { reason: parkedReason, until: parkedUntil.toISOString(), message: describeWait(parkedReason) };
}
