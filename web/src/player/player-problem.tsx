import type { ReactNode } from 'react';
import { WarningIcon } from '../display/icons.tsx';

/** In place of the player: what is wrong, and what can be done. */
export function PlayerProblem({ message, children }: { message: string; children: ReactNode }) {
  return (
    <div
      role="alert"
      className="flex min-h-72 flex-col items-center justify-center gap-4 bg-raised p-6 text-center"
    >
      <WarningIcon className="size-8 text-danger" />
      <p className="max-w-md text-pretty">{message}</p>
      <div className="flex flex-wrap items-center justify-center gap-4">{children}</div>
    </div>
  );
}
