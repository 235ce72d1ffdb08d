import { type ReactNode, useId } from 'react';

type SectionProps = { title: string; intro?: ReactNode; action?: ReactNode; children: ReactNode };

/** A part of a page, on a surface of its own. */
export function Section({ title, intro, action, children }: SectionProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="mb-6 rounded-xl border border-line bg-surface px-4 py-4 shadow-xs sm:px-5"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {action && <div className="ml-auto">{action}</div>}
      </div>
      {intro && <div className="mt-1 max-w-prose text-sm text-pretty text-muted">{intro}</div>}
      <div className="mt-4 empty:hidden">{children}</div>
    </section>
  );
}
