import type { Run } from '../../../src/http/contract.ts';
import { channelName } from '../display/format.ts';
import { useCanManage, useRetryRun } from './run-actions.ts';

/** For managers: reads what a failed run left. */
export function RetryRun({ run }: { run: Run }) {
  const canManage = useCanManage(run.guildId);
  const { mutate, isPending, isSuccess, error } = useRetryRun();
  if (!canManage) return null;
  return (
    <span className="flex shrink-0 items-center gap-3">
      {error && (
        <span role="alert" className="text-danger">
          {error.message}
        </span>
      )}
      <button
        type="button"
        aria-label={`Read #${channelName(run.channelName)} again`}
        disabled={isPending || isSuccess}
        onClick={() => mutate(run.id)}
        className="rounded font-semibold text-accent hover:underline disabled:opacity-50"
      >
        Try again
      </button>
    </span>
  );
}
