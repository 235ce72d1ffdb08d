import type { ReactNode } from 'react';

type NoticeProps = {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** 1 where it is all that the page says. */
  level?: 1 | 2;
};

/** A calm block in place of a list, or of a page, that has nothing to show. */
export function Notice({ icon, title, children, action, level = 2 }: NoticeProps) {
  const Heading = level === 1 ? 'h1' : 'h2';
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 px-4 py-20 text-center">
      <div className="rounded-2xl bg-raised p-4 text-muted">{icon}</div>
      <Heading className="text-lg font-semibold">{title}</Heading>
      <div className="flex flex-col gap-2 text-pretty text-muted">{children}</div>
      {action && <div className="mt-1 flex flex-wrap items-center justify-center gap-3">{action}</div>}
    </div>
  );
}
