import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { Problem } from './problem.tsx';

type ConfirmDialogProps = {
  title: string;
  children: ReactNode;
  /** What is done, in the words of its button. */
  action: string;
  isDangerous?: boolean;
  isBusy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something that cannot be taken back. A dialog of the browser's: it keeps the focus, and Escape closes it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, action, isDangerous = true, isBusy, error, onConfirm, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close(); // while it is in the document still: the focus goes back to where it was
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={onClose}
      className="m-auto w-md max-w-[calc(100vw-2rem)] animate-rise rounded-2xl border border-line bg-surface p-5 text-ink shadow-2xl backdrop:bg-black/60"
    >
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      <div className="mt-2 mb-5 text-sm text-pretty text-muted">{children}</div>
      <Problem error={error} />
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button look={isDangerous ? 'danger' : 'primary'} onClick={onConfirm} isBusy={isBusy}>
          {action}
        </Button>
      </div>
    </dialog>
  );
}
