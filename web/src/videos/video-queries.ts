import {
  type InfiniteData,
  infiniteQueryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { Count, Page, Video } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';
import { usePace } from '../guilds/guild-queries.ts';
import { type Scope, scopeParameters } from './scope.ts';

export const PAGE_SIZE = 48; // divides into rows of 1, 2, 3, 4 and 6
const MAX_COMPARED = 480; // of the loaded videos, when looking for new ones among them; the server counts to 1,000

/** The videos of a scope, newest first, page after page. Once loaded they stay until the viewer asks for the new. */
export function useVideos(scope: Scope) {
  return useInfiniteQuery(videosOptions(scope));
}

export function useVideo(id: string, known: Video | undefined) {
  return useQuery({
    queryKey: ['video', id],
    queryFn: ({ signal }) => fetchJson<Video>(`/api/videos/${encodeURIComponent(id)}`, {}, signal),
    initialData: known,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/**
 * How many videos appeared among or above those that are loaded: live ones come on top, while a scan finds older ones
 * in between. Asked as a count from the newest down to the last loaded one.
 */
export function useNewVideoCount(scope: Scope, loaded: Video[], isWhole: boolean): number {
  const pace = usePace();
  const compared = Math.min(loaded.length, MAX_COMPARED);
  const last = isWhole && compared === loaded.length ? undefined : loaded[compared - 1]?.cursor;
  const { data } = useQuery({
    queryKey: ['video-count', scope, last ?? 'all'],
    queryFn: ({ signal }) =>
      fetchJson<Count>('/api/videos/count', { ...scopeParameters(scope), down_to: last }, signal),
    enabled: last !== undefined || isWhole,
    // A list that does not fill its page yet grows by itself, so the first videos are seen at once.
    refetchInterval: pollIntervalMs(
      pace === 'moving' && isWhole && loaded.length < PAGE_SIZE ? 'starting' : pace,
    ),
  });
  return data ? Math.max(0, data.value - compared) : 0;
}

/** Puts the newest page in place of everything loaded. */
export function useReloadVideos(scope: Scope): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    const page = await fetchVideos(scope, undefined);
    const fresh: InfiniteData<Page<Video>, string | undefined> = { pages: [page], pageParams: [undefined] };
    queryClient.setQueryData(videosOptions(scope).queryKey, fresh);
    await queryClient.invalidateQueries({ queryKey: ['video-count'] });
  };
}

function videosOptions(scope: Scope) {
  return infiniteQueryOptions({
    queryKey: ['videos', scope],
    queryFn: ({ pageParam, signal }) => fetchVideos(scope, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
  });
}

function fetchVideos(scope: Scope, cursor: string | undefined, signal?: AbortSignal): Promise<Page<Video>> {
  return fetchJson<Page<Video>>(
    '/api/videos',
    { ...scopeParameters(scope), cursor, limit: PAGE_SIZE },
    signal,
  );
}
