import type { Run } from '../../../src/http/contract.ts';
import { channelName } from '../display/format.ts';
import { CloseIcon } from '../display/icons.tsx';
import { useCancelRun, useCanManage } from './run-actions.ts';

/** For managers: ends a run that moves. */
export function CancelRun({ run }: { run: Run }) {
  const canManage = useCanManage(run.guildId);
  const { mutate, isPending, isSuccess, error } = useCancelRun();
  if (!canManage) return null;
  const words = `Stop reading #${channelName(run.channelName)}`;
  return (
    <button
      type="button"
      aria-label={words}
      title={error?.message ?? `${words}. What was read stays read.`}
      disabled={isPending || isSuccess}
      onClick={() => mutate(run.id)}
      className={`-m-1 self-center rounded-lg p-1 hover:bg-raised disabled:opacity-40 ${error ? 'text-danger' : 'text-muted'}`}
    >
      <CloseIcon className="size-4" />
      {error && (
        <span role="alert" className="sr-only">
          {error.message}
        </span>
      )}
    </button>
  );
}
