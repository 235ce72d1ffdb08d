import { useEffect } from 'react';

/** Names the page in tabs and history. Null: another part of the page does. */
export function useDocumentTitle(names: (string | null | undefined)[] | null): void {
  const title = names && [...names.filter(Boolean), 'Clipdex'].join(' · ');
  useEffect(() => {
    if (title !== null) document.title = title;
  }, [title]);
}
