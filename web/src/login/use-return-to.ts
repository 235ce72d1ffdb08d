import { useRouterState } from '@tanstack/react-router';
import { keptPlace } from './kept-place.ts';

/** Where a login from this page leads back to: here, or from the login page to where the viewer had wanted to go. */
export function useReturnTo(): string {
  return useRouterState({
    select: ({ location: { pathname, searchStr } }) => {
      if (pathname !== '/login') return `${pathname}${searchStr}`;
      const search = new URLSearchParams(searchStr);
      return search.get('return_to') ?? (search.has('outcome') ? keptPlace() : '/');
    },
  });
}
