import type { ReactNode } from 'react';

type Look = 'primary' | 'quiet' | 'danger';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:opacity-90',
  quiet: 'border border-line bg-surface text-ink hover:bg-raised',
  danger: 'border border-line bg-surface text-danger hover:bg-raised',
};

/** For what looks like a button and is a link. */
export function buttonClass(look: Look = 'primary'): string {
  return `inline-flex shrink-0 items-center justify-center gap-2 rounded-lg px-4 py-2 text-sm font-semibold whitespace-nowrap disabled:cursor-default disabled:opacity-50 ${looks[look]}`;
}

type ButtonProps = {
  /** Of a form's own button: none, the form does it. */
  onClick?: () => void;
  look?: Look;
  /** What it began is under way: it waits, and does not begin it again. */
  isBusy?: boolean;
  isDisabled?: boolean;
  /** Where many buttons bear the same words: of what this one is. */
  label?: string;
  children: ReactNode;
};

export function Button(props: ButtonProps) {
  const { onClick, look = 'primary', isBusy = false, isDisabled = false, label, children } = props;
  return (
    <button
      type={onClick ? 'button' : 'submit'}
      aria-label={label}
      onClick={onClick}
      disabled={isBusy || isDisabled}
      aria-busy={isBusy}
      className={buttonClass(look)}
    >
      {children}
    </button>
  );
}
