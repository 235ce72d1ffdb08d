import { Button } from '../display/button.tsx';
import { WarningIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';

type LoadProblemProps = { title?: string; error: Error; onRetry: () => unknown };

/** In place of what a page is about, when it could not be had. */
export function LoadProblem({ title = 'This could not be loaded', error, onRetry }: LoadProblemProps) {
  return (
    <Notice
      level={1}
      icon={<WarningIcon className="size-8" />}
      title={title}
      action={<Button onClick={() => void onRetry()}>Try again</Button>}
    >
      <p role="alert">{error.message}</p>
    </Notice>
  );
}
