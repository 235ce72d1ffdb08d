import { WarningIcon } from '../display/icons.tsx';
import { Button } from '../display/notice.tsx';

type PlayerProblemProps = { message: string; onRetry: () => void; fileUrl?: string };

export function PlayerProblem({ message, onRetry, fileUrl }: PlayerProblemProps) {
  return (
    <div
      role="alert"
      className="flex min-h-72 flex-col items-center justify-center gap-4 bg-raised p-6 text-center"
    >
      <WarningIcon className="size-8 text-danger" />
      <p className="max-w-md text-pretty">{message}</p>
      <div className="flex flex-wrap items-center justify-center gap-4">
        <Button onClick={onRetry}>Try again</Button>
        {fileUrl && (
          <a
            href={fileUrl}
            target="_blank"
            rel="noreferrer"
            className="text-sm font-semibold text-accent underline"
          >
            Open the file itself
          </a>
        )}
      </div>
    </div>
  );
}
