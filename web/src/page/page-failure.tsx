import { Button } from '../display/button.tsx';
import { WarningIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';

/** When a part of the page itself cannot be loaded, as after an update of the program, or fails. */
export function PageFailure() {
  return (
    <main>
      <Notice
        level={1}
        icon={<WarningIcon className="size-8" />}
        title="This page could not be shown"
        action={<Button onClick={() => window.location.reload()}>Load it anew</Button>}
      >
        <p role="alert">Clipdex may not be running, or may have been updated since this page was opened.</p>
      </Notice>
    </main>
  );
}
