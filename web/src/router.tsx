import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readInstallSearch } from './install/install-search.ts';
import { readLoginSearch } from './login/login-outcomes.ts';
import { LoginPage } from './login/login-page.tsx';
import { LibraryPage } from './page/library-page.tsx';
import { NotFoundPage } from './page/not-found-page.tsx';
import { PageFailure } from './page/page-failure.tsx';
import { RootPage } from './page/root-page.tsx';
import { Waiting } from './page/waiting.tsx';
import { readScope, type Scope } from './videos/scope.ts';
import { ViewerGate } from './viewer/viewer-gate.tsx';

type Search = Record<string, unknown>;

const root = createRootRoute({ component: RootPage, notFoundComponent: NotFoundPage });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: LoginPage,
  validateSearch: (search: Search) => readLoginSearch(search),
});

const installOutcome = createRoute({
  getParentRoute: () => root,
  path: '/install/outcome',
  component: lazyRouteComponent(() => import('./install/install-outcome-page.tsx'), 'InstallOutcomePage'),
  validateSearch: (search: Search) => readInstallSearch(search),
});

const developers = createRoute({
  getParentRoute: () => root,
  path: '/developers',
  component: lazyRouteComponent(() => import('./developers/developers-page.tsx'), 'DevelopersPage'),
});

/** What belongs to a viewer. Whoever is none sees the landing page instead. */
const viewer = createRoute({ getParentRoute: () => root, id: 'viewer', component: ViewerGate });

/** The list of videos stays mounted below an open player. */
const library = createRoute({
  getParentRoute: () => viewer,
  id: 'library',
  component: LibraryPage,
  validateSearch: (search: Search): Scope => readScope(search),
});

const index = createRoute({ getParentRoute: () => library, path: '/' });

const video = createRoute({
  getParentRoute: () => library,
  path: '/videos/$videoId',
  component: lazyRouteComponent(() => import('./player/player-dialog.tsx'), 'PlayerDialog'),
});

const account = createRoute({
  getParentRoute: () => viewer,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
});

const operator = createRoute({
  getParentRoute: () => viewer,
  path: '/operator',
  component: lazyRouteComponent(() => import('./operator/operator-page.tsx'), 'OperatorPage'),
});

const install = createRoute({
  getParentRoute: () => viewer,
  path: '/install',
  component: lazyRouteComponent(() => import('./install/install-page.tsx'), 'InstallPage'),
  validateSearch: (search: Search) => readInstallSearch(search),
});

const setup = createRoute({
  getParentRoute: () => viewer,
  path: '/guilds/$guildId/setup',
  component: lazyRouteComponent(() => import('./setup/setup-page.tsx'), 'SetupPage'),
});

const settings = createRoute({
  getParentRoute: () => viewer,
  path: '/guilds/$guildId/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
});

/** Ids in the address are texts: read as JSON, as the router would, they lose their last digits. */
export const router = createRouter({
  routeTree: root.addChildren([
    login,
    installOutcome,
    developers,
    viewer.addChildren([library.addChildren([index, video]), account, operator, install, setup, settings]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailure,
  defaultPendingComponent: Waiting,
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
    /** Of the video that the player was opened on or moved to, in the list. */
    cursor?: string;
    /** The viewer uncovered this video in the list. */
    isUncovered?: boolean;
  }
}
