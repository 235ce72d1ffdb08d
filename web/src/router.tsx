import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { LibraryPage } from './page/library-page.tsx';
import { NotFoundPage } from './page/not-found-page.tsx';
import { readScope, type Scope } from './videos/scope.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage });

/** The list of videos stays mounted below an open player. */
const library = createRoute({
  getParentRoute: () => root,
  id: 'library',
  component: LibraryPage,
  validateSearch: (search: Record<string, unknown>): Scope => readScope(search),
});

const index = createRoute({ getParentRoute: () => library, path: '/' });

const video = createRoute({
  getParentRoute: () => library,
  path: '/videos/$videoId',
  component: lazyRouteComponent(() => import('./player/player-dialog.tsx'), 'PlayerDialog'),
});

/** Ids in the address are texts: read as JSON, as the router would, they lose their last digits. */
export const router = createRouter({
  routeTree: root.addChildren([library.addChildren([index, video])]),
  defaultPreload: 'intent',
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const present = Object.entries(search).filter(([, value]) => value !== undefined);
    return present.length === 0
      ? ''
      : `?${new URLSearchParams(present.map(([name, value]) => [name, String(value)]))}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface HistoryState {
    /** The player was opened from the list, so that going back closes it. */
    isFromList?: boolean;
    /** The viewer uncovered this spoiler in the list. */
    isSpoilerShown?: boolean;
  }
}
