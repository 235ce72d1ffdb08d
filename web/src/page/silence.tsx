import { LoadProblem } from './load-problem.tsx';

type SilenceProps = { error: Error; onRetry: () => unknown };

/** In place of a whole page, because it could not be learned who looks at it. */
export function Silence({ error, onRetry }: SilenceProps) {
  return (
    <main>
      <LoadProblem title="This page could not be loaded" error={error} onRetry={onRetry} />
    </main>
  );
}
