import { channelName } from '../display/format.ts';
import { useFailedRuns } from './run-queries.ts';

/** Which channels could not be read, why, and what to do: the runs' own words. */
export function FailedRuns({ guildId }: { guildId: string | undefined }) {
  const { data: runs, error } = useFailedRuns(guildId, true);
  if (error) return <p className="mt-3 text-danger">{error.message}</p>;
  if (runs === undefined) return <div className="mt-3 h-10 animate-shimmer rounded-lg bg-raised" />;
  return (
    <ul className="mt-3 flex flex-col gap-2 border-t border-line pt-3">
      {runs.map((run) => (
        <li key={run.id}>
          <span className="font-medium">#{channelName(run.channelName)}</span>{' '}
          <span className="break-words text-muted">{run.errorMessage}</span>
        </li>
      ))}
    </ul>
  );
}
