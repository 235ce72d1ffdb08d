import { LoadProblem } from './load-problem.tsx';

type SilenceProps = { error: Error; onRetry: () => unknown };

/** In place of a whole page, because the program does not answer. */
export function Silence({ error, onRetry }: SilenceProps) {
  return (
    <main>
      <LoadProblem title="Clipdex cannot be reached" error={error} onRetry={onRetry} />
    </main>
  );
}
