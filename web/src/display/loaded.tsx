import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Problem } from './problem.tsx';

type LoadedProps<Data> = {
  data: Data | undefined;
  error: Error | null;
  onRetry: () => unknown;
  /** While it is loaded, for those who do not see that. */
  label: string;
  children: (data: Data) => ReactNode;
};

/** A part of a page that is loaded by itself: what there is, or why there is nothing. */
export function Loaded<Data>({ data, error, onRetry, label, children }: LoadedProps<Data>) {
  if (data !== undefined) return children(data);
  if (error === null) {
    return (
      <div role="status" className="h-24 animate-shimmer rounded-lg bg-raised">
        <span className="sr-only">{label}</span>
      </div>
    );
  }
  return (
    <>
      <Problem error={error} />
      <Button look="quiet" onClick={() => void onRetry()}>
        Try again
      </Button>
    </>
  );
}
