import { WarningIcon } from '../display/icons.tsx';
import { useGuilds } from '../guilds/guild-queries.ts';

/** Says that what the page shows is no longer kept up to date. The lists go on asking by themselves. */
export function Unreachable() {
  const { isRefetchError, error, refetch } = useGuilds();
  if (!isRefetchError) return null;
  return (
    <div role="alert" className="border-b border-line bg-raised px-4 py-2 text-sm">
      <div className="mx-auto flex max-w-[110rem] flex-wrap items-center gap-x-3 gap-y-1 sm:px-2">
        <WarningIcon className="size-4 text-danger" />
        <span>{error.message} What you see may be out of date.</span>
        <button type="button" onClick={() => void refetch()} className="font-semibold text-accent underline">
          Try again
        </button>
      </div>
    </div>
  );
}
