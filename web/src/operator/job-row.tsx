import type { ScheduledJob } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { formatAge, formatFullDate } from '../display/format.ts';
import { CheckIcon, WarningIcon } from '../display/icons.tsx';
import { Problem } from '../display/problem.tsx';
import { cronWords } from './cron-words.ts';
import { isUnderWay, useRunJob } from './operator-queries.ts';

export function JobRow({ job }: { job: ScheduledJob }) {
  const { mutate, isPending, isSuccess, error } = useRunJob();
  return (
    <li className="py-3">
      <div className="flex items-start gap-4 max-sm:flex-col max-sm:gap-2">
        <div className="min-w-0 grow">
          <p className="font-medium text-pretty first-letter:uppercase">{job.does}</p>
          <p className="flex flex-wrap items-baseline gap-x-3 text-sm text-muted">
            <span>
              <span title={`${job.cron} (UTC)`}>{cronWords(job.cron)}</span>
              {job.nextAt !== null && (
                <>
                  , next <Due at={job.nextAt} />
                </>
              )}
            </span>
            <code className="min-w-0 text-xs break-words">{job.name}</code>
          </p>
        </div>
        <Button
          look="quiet"
          label={`Run now: ${job.name}`}
          onClick={() => mutate(job.name)}
          isBusy={isPending || isUnderWay(job)}
        >
          Run now
        </Button>
      </div>
      <div role="status" className="text-sm text-pretty">
        <Outcome byHand={job.byHand} wasAsked={isSuccess} />
      </div>
      <Problem error={error} />
    </li>
  );
}

function Due({ at }: { at: string }) {
  const isSoon = Date.parse(at) - Date.now() < 60_000;
  return (
    <time dateTime={at} title={formatFullDate(at)}>
      {isSoon ? 'within a minute' : formatAge(at, Date.now())}
    </time>
  );
}

/** What became of the job since somebody asked for it; on this page only, that it is done. */
function Outcome({ byHand, wasAsked }: { byHand: ScheduledJob['byHand']; wasAsked: boolean }) {
  switch (byHand?.state) {
    case 'waiting':
      return <p className="mt-1.5 text-muted">Waits for a worker …</p>;
    case 'running':
      return <p className="mt-1.5 text-muted">Runs …</p>;
    case 'failing':
      return <Failure text={`It failed, and is tried again later: ${byHand.error}`} />;
    case 'failed':
      return (
        <Failure
          text={`It failed ten times, and is not tried again unless you run it now: ${byHand.error}`}
        />
      );
    case undefined:
      if (!wasAsked) return null;
      return (
        <p className="mt-1.5 flex items-center gap-2">
          <CheckIcon className="size-4 text-good" />
          Done
        </p>
      );
  }
}

function Failure({ text }: { text: string }) {
  return (
    <p className="mt-1.5 flex gap-2 text-danger">
      <WarningIcon className="mt-0.5 size-4" />
      <span className="min-w-0 break-words">{text}</span>
    </p>
  );
}
