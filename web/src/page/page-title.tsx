import type { ReactNode } from 'react';

type PageTitleProps = { title: string; above?: ReactNode; children?: ReactNode };

/** What the page is, and in a sentence what it is for. `above`: where it belongs. */
export function PageTitle({ title, above, children }: PageTitleProps) {
  return (
    <div className="mb-8">
      {above && <div className="mb-2 flex items-center gap-2.5 text-sm text-muted">{above}</div>}
      <h1 className="text-2xl font-bold tracking-tight text-balance">{title}</h1>
      {children && <div className="mt-2 max-w-prose text-pretty text-muted">{children}</div>}
    </div>
  );
}
