import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/**
 * A page that takes another's place takes the focus with it, as loading it anew would: what was followed is gone, and the
 * keyboard would begin at the top again. What has the focus by itself, like a dialog, keeps it.
 */
export function useFocusAfterMoves(): void {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const hasMoved = before.current !== undefined && before.current !== path;
    before.current = path;
    if (hasMoved && document.activeElement === document.body) {
      document.querySelector('main')?.focus({ preventScroll: true });
    }
  }, [path]);
}
