import type { Database } from '../db/database.ts';
import { readDatabaseTime, type ScanTotals, sumScanRuns } from '../db/scan-totals.ts';
import type { Snowflake } from '../discord/snowflake.ts';
import { scanGuild } from '../jobs/scan-guild.ts';
import { systemClock } from '../lib/clock.ts';
import { follow, stopWaiting } from './follow-run.ts';
import { formatCount, formatEta, formatRate } from './format.ts';
import { checkScope } from './library-scope.ts';
import { etaSecs, type ProgressMark } from './progress-eta.ts';
import { type Command, type CommandContext, type ExitCode, exitCodes } from './run-command.ts';
import { warnWithoutWorker } from './wait-for-run.ts';
import { withDatabase } from './with-database.ts';

/**
 * Queues a scan of every channel of a guild that is worth one; `wait`: shows their progress, and ends with them. The
 * pass over the search index is not waited for: what it could tell, the runs have read.
 */
export function scanWholeGuild(guildId: Snowflake, { wait }: { wait?: boolean }): Command {
  return (context) =>
    withDatabase(context, async (db) => {
      await checkScope(db, { guild: guildId });
      const since = await readDatabaseTime(db);
      const runIds = await db.transaction((tx) => scanGuild(tx, guildId));
      const { indexPassId } = await sumScanRuns(db, 'everything', guildId, since);
      context.output.line(queuedText(runIds.length));
      if (indexPassId !== null)
        context.output.line(`Its search index is asked first: index pass ${indexPassId}.`);
      await warnWithoutWorker(db, context);
      if (wait) return waitForGuild(db, guildId, since, context);
      context.output.json({ guildId, runIds, indexPassId });
      return exitCodes.done;
    });
}

function queuedText(count: number): string {
  const threads = 'Its threads are being listed; each that has news gets a run, too.';
  if (count === 0) {
    return `No channel can be scanned now: each is not read, has a run under way, or was found closed to the bot less than 10 minutes ago. ${threads}`;
  }
  return `Queued ${formatCount(count)} ${count === 1 ? 'run' : 'runs'}, one for each channel that can be scanned now. ${threads}`;
}

async function waitForGuild(
  db: Database,
  guildId: string,
  since: Date,
  context: CommandContext,
): Promise<ExitCode> {
  const startedAtMs = systemClock.monotonic();
  let first: GuildMark | null = null;
  const totals = await follow(
    async () => sumScanRuns(db, 'everything', guildId, since),
    isOver,
    (now, progress) => {
      const atMs = systemClock.monotonic();
      // More runs make less of what is done: the measure begins anew.
      if (first?.runCount !== now.runCount) first = { runCount: now.runCount, progress: now.progress, atMs };
      const eta = isListed(now) ? etaSecs(first, { progress: now.progress, atMs }) : null;
      progress.show(now.progress, progressText(now, (atMs - startedAtMs) / 1_000, eta));
    },
    context,
  );
  if (!isOver(totals)) {
    return stopWaiting(context, 'The runs go on; "clipdex runs" tells how far they are.');
  }
  context.output.json({ guildId, ...toJson(totals) });
  context.output.line(summary(guildId, totals));
  return totals.failedCount === 0 ? exitCodes.done : exitCodes.failed;
}

type GuildMark = ProgressMark & { runCount: number };

/** All runs are known, and one at least moves. */
function isListed({ isListingThreads, parkedCount, runningCount }: ScanTotals): boolean {
  return !isListingThreads && parkedCount < runningCount;
}

function isOver({ runCount, endedCount, isListingThreads }: ScanTotals): boolean {
  return endedCount === runCount && !isListingThreads;
}

function progressText(totals: ScanTotals, secs: number, eta: number | null): string {
  const waiting = totals.parkedCount > 0 ? `, ${totals.parkedCount} waiting for Discord` : '';
  const rate = secs < 1 ? '' : `, ${formatRate(Number(totals.messagesScanned) / secs)}`;
  const left = eta === null ? '' : `, ${formatEta(eta)} left`;
  return (
    `${formatCount(totals.endedCount)} of ${formatCount(totals.runCount)} channels done${waiting}, ` +
    `${formatCount(String(totals.messagesScanned))} messages, ${formatCount(String(totals.videosFound))} videos${rate}${left}`
  );
}

function summary(guildId: string, totals: ScanTotals): string {
  const { runCount, failedCount, indexPassId } = totals;
  const counts = `${formatCount(String(totals.messagesScanned))} messages read, ${formatCount(String(totals.videosFound))} videos found`;
  const ended = `${formatCount(runCount - failedCount)} of ${formatCount(runCount)} runs have succeeded: ${counts}.`;
  const rest = `"clipdex runs --guild ${guildId} --status failed" says why others did not.`;
  return [
    ended,
    ...(failedCount === 0 ? [] : [rest]),
    ...(indexPassId === null ? [] : [`The index pass ${indexPassId} goes on.`]),
  ].join('\n');
}

function toJson({ messagesScanned, videosFound, ...totals }: ScanTotals) {
  return { ...totals, messagesScanned: String(messagesScanned), videosFound: String(videosFound) };
}
