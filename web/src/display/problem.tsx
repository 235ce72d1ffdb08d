import { WarningIcon } from './icons.tsx';

/** What went wrong with what was just tried, in the server's words. Nothing while all is well. */
export function Problem({ error }: { error: Error | null }) {
  if (error === null) return null;
  return (
    <p role="alert" className="my-3 flex gap-2 text-sm text-pretty text-danger">
      <WarningIcon className="mt-0.5 size-4" />
      {error.message}
    </p>
  );
}
