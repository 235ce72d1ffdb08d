import type { Run } from '../../../src/http/contract.ts';
import { channelName, formatClock, formatEta, formatNumber, plural } from '../display/format.ts';
import { CancelRun } from './cancel-run.tsx';
import { useRuns } from './run-queries.ts';

const MAX_ROWS = 6; // the videos matter more
const MIN_ETA_SECS = 60;
const FADE_MS = 5_000; // a finished run stays this long, so that one sees it end

/** The runs that move now, and those that ended a moment ago. */
export function MovingRuns({ guildId, runningCount }: { guildId: string | undefined; runningCount: number }) {
  const { data: runs = [] } = useRuns(guildId);
  const now = Date.now();
  const rows = runs
    .filter((run) => (run.status === 'running' || isJustDone(run, now)) && hasNews(run))
    .sort(byMovement)
    .slice(0, MAX_ROWS);
  const hiddenCount = runningCount - rows.filter((run) => run.status === 'running').length;
  if (rows.length === 0) return null;
  return (
    <ul className="mt-3 grid gap-x-8 gap-y-3 sm:grid-cols-2 2xl:grid-cols-3">
      {rows.map((run) => (
        <RunRow key={run.id} run={run} />
      ))}
      {hiddenCount > 0 && <li className="self-end text-muted">and {formatNumber(hiddenCount)} more</li>}
    </ul>
  );
}

/** Those with something to show first, then the longest running, so that rows keep their places. */
function byMovement(a: Run, b: Run): number {
  const hasMoved = (run: Run) => Number(run.progress !== null);
  return hasMoved(b) - hasMoved(a) || (a.startedAt ?? '').localeCompare(b.startedAt ?? '');
}

/** Most catch-up runs find nothing: they would come and go, and move all that stands below. */
function hasNews({ requestedBy, messagesScanned, parked }: Run): boolean {
  return requestedBy !== 'catch_up' || messagesScanned !== '0' || parked !== null;
}

function isJustDone(run: Run, now: number): boolean {
  return run.status === 'succeeded' && run.finishedAt !== null && now - Date.parse(run.finishedAt) < FADE_MS;
}

function RunRow({ run }: { run: Run }) {
  const percent = Math.round((run.progress ?? 0) * 100);
  const name = channelName(run.channelName);
  const remaining = remainingText(run);
  return (
    <li
      className={`min-w-0 transition-opacity duration-1000 ${run.status === 'succeeded' ? 'opacity-50' : ''}`}
    >
      <div className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium">#{name}</span>
        <span className="ml-auto shrink-0 text-xs text-muted tabular-nums">
          {plural(formatNumber(run.videosFound), 'video')} in {formatNumber(run.messagesScanned)}
          <span className="sr-only"> messages</span>
        </span>
        {run.status === 'running' && <CancelRun run={run} />}
      </div>
      <div
        role="progressbar"
        aria-label={`Reading ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        title={reachedText(run)}
        aria-valuetext={`${percent} %, ${remaining ?? 'no end known'}`}
        className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-raised"
      >
        <div
          style={{ width: `${percent}%` }}
          className={`h-full rounded-full transition-[width] duration-1000 ${run.parked ? 'bg-muted' : 'bg-accent'}`}
        />
      </div>
      {remaining !== null && (
        <p className="mt-1 truncate text-xs text-muted" title={remaining}>
          {remaining}
        </p>
      )}
    </li>
  );
}

/** Why it waits and until when, or how long it will take; a minute is not worth a line. */
function remainingText({ parked, etaSecs }: Run): string | null {
  if (parked) return `Waits until ${formatClock(parked.until)}: ${parked.message}`;
  return etaSecs === null || etaSecs < MIN_ETA_SECS ? null : `${formatEta(etaSecs)} left`;
}

function reachedText({ reachedAt }: Run): string {
  if (reachedAt === null) return 'Starting';
  return `Back to ${new Date(reachedAt).toLocaleDateString('en', { dateStyle: 'medium' })}`;
}
