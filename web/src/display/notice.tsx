import type { ReactNode } from 'react';

type NoticeProps = { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode };

/** A calm block in place of a list that has nothing to show. */
export function Notice({ icon, title, children, action }: NoticeProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 px-4 py-20 text-center">
      <div className="rounded-2xl bg-raised p-4 text-muted">{icon}</div>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="text-pretty text-muted">{children}</p>
      {action}
    </div>
  );
}

export function Button({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="rounded-lg bg-accent px-4 py-2 text-sm font-semibold text-on-accent hover:opacity-90"
    >
      {children}
    </button>
  );
}
