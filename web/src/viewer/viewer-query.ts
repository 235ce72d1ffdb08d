import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import type { Me } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { isNotLoggedIn } from '../api/request-error.ts';

/** `hasEnded`: this very page was logged in before. */
export type ViewerState = { isLoggedIn: true; me: Me } | { isLoggedIn: false; hasEnded: boolean };

const FRESH_MS = 10_000; // coming back to the tab asks again, as the session may have ended meanwhile

const viewerKey = ['viewer'];

export const viewerOptions = queryOptions({
  queryKey: viewerKey,
  queryFn: ({ client, signal }) => readViewer(client, signal),
  staleTime: FRESH_MS,
});

/** Who looks at the page; undefined until that is known. */
export function useViewer() {
  return useQuery(viewerOptions);
}

/** Below the gate, where somebody is logged in. */
export function useMe(): Me | undefined {
  const { data: viewer } = useViewer();
  return viewer?.isLoggedIn ? viewer.me : undefined;
}

export function viewerName(me: Me): string {
  return me.globalName ?? me.username ?? 'You';
}

/** Whatever hears that nobody is logged in ends the session of the page, and what was loaded for it goes. */
export function endOnLogout(client: QueryClient, error: unknown): void {
  if (!isNotLoggedIn(error)) return;
  client.setQueryData<ViewerState>(viewerKey, loggedOut);
  dropViewerData(client);
}

/** What the viewer has changed about themselves. */
export function noteMe(client: QueryClient, me: Me): void {
  const state: ViewerState = { isLoggedIn: true, me };
  client.setQueryData(viewerKey, state);
}

async function readViewer(client: QueryClient, signal: AbortSignal): Promise<ViewerState> {
  const before = client.getQueryData<ViewerState>(viewerKey);
  try {
    const me = await fetchJson<Me>('/api/me', {}, signal);
    const isAnother = before?.isLoggedIn && before.me.id !== me.id; // logged in anew in another tab
    if (isAnother) dropViewerData(client);
    return { isLoggedIn: true, me };
  } catch (error) {
    if (!isNotLoggedIn(error)) throw error;
    if (before?.isLoggedIn) dropViewerData(client);
    return loggedOut(before);
  }
}

function loggedOut(before: ViewerState | undefined): ViewerState {
  if (before?.isLoggedIn === false) return before;
  return { isLoggedIn: false, hasEnded: before !== undefined };
}

const everybodys: ReadonlySet<unknown> = new Set(['viewer', 'instance']);

function dropViewerData(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => !everybodys.has(queryKey[0]) });
}
