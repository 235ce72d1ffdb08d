import { channelName } from '../display/format.ts';
import { RetryRun } from './retry-run.tsx';
import { useFailedRuns } from './run-queries.ts';

/** Which channels could not be read, why, and what to do: the runs' own words. */
export function FailedRuns({ guildId }: { guildId: string | undefined }) {
  const { data: runs, error } = useFailedRuns(guildId);
  if (error) return <p className="mt-3 text-danger">{error.message}</p>;
  if (runs === undefined) return <div className="mt-3 h-10 animate-shimmer rounded-lg bg-raised" />;
  return (
    <ul className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
      {runs.map((run) => (
        <li key={run.id} className="flex items-start gap-4">
          <p className="min-w-0 grow">
            <span className="font-medium">#{channelName(run.channelName)}</span>{' '}
            <span className="break-words text-muted">{sentenceOf(run.errorMessage)}</span>
          </p>
          <RetryRun run={run} />
        </li>
      ))}
    </ul>
  );
}

/** The message without the reason code that leads it, which is for scripts. */
function sentenceOf(message: string | null): string {
  const text = (message ?? 'the cause is not known').replace(/^[a-z][a-z0-9_]*: /, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/\.?$/, '.');
}
