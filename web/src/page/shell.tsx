import type { ReactNode } from 'react';
import { Header } from './header.tsx';
import { SkipLink } from './skip-link.tsx';
import { useDocumentTitle } from './use-document-title.ts';

type ShellProps = {
  /** In tabs and history, from the special to the general. */
  titles: (string | undefined)[];
  children: ReactNode;
};

/** Every page but the library: one column below the header. */
export function Shell({ titles, children }: ShellProps) {
  useDocumentTitle(titles);
  return (
    <>
      <SkipLink to="content">Skip to the content</SkipLink>
      <Header />
      <main id="content" tabIndex={-1} className="mx-auto max-w-3xl px-4 pt-8 pb-20 outline-none sm:px-6">
        {children}
      </main>
    </>
  );
}
