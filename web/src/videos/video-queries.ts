import {
  type InfiniteData,
  infiniteQueryOptions,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useRef } from 'react';
import type { Count, Page, Video } from '../../../src/http/contract.ts';
import { fetchJson } from '../api/fetch-json.ts';
import { pollIntervalMs } from '../api/poll-interval.ts';
import { usePace } from '../guilds/guild-queries.ts';
import { type Scope, scopeParameters } from './scope.ts';

export const PAGE_SIZE = 48; // divides into rows of 1, 2, 3, 4 and 6
const MAX_COMPARED = 480; // of the loaded videos, when looking for new ones among them; the server counts to 1,000

type VideoPages = InfiniteData<Page<Video>>;

/** The videos of a scope, newest first, page after page. Once loaded they stay until the viewer asks for the new. */
export function useVideos(scope: Scope) {
  return useInfiniteQuery(videosOptions(scope));
}

/** `known`: from the list. A forward there may have the id of its original, which is what the server tells of. */
export function useVideo(id: string, known: Video | undefined) {
  const pace = usePace();
  return useQuery({
    queryKey: ['video', id],
    queryFn: ({ signal }) => fetchJson<Video>(`/api/videos/${encodeURIComponent(id)}`, {}, signal),
    ...(known && { initialData: known }),
    select: (video) => (known && known.cursor !== video.cursor ? known : video),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.data?.isConfirmed === false ? pollIntervalMs(pace) : false),
  });
}

/**
 * Takes the mark from videos of the list whose message was read meanwhile. Each poll asks for one page, from an unconfirmed
 * video on: the first one below what the poll before has asked for, at the end the topmost again.
 */
export function useConfirmations(scope: Scope, loaded: Video[]): void {
  const queryClient = useQueryClient();
  const pace = usePace();
  const reached = useRef(-1);
  useQuery({
    queryKey: ['confirmations', scope],
    async queryFn({ signal }) {
      const below = loaded.findIndex(({ isConfirmed }, index) => index > reached.current && !isConfirmed);
      const start = below >= 0 ? below : loaded.findIndex(({ isConfirmed }) => !isConfirmed);
      const { items } = await fetchVideos(scope, loaded[start - 1]?.cursor, signal);
      const fresh = new Map(items.map((video) => [video.cursor, video])); // a forward may have the id of its original
      reached.current = Math.max(
        start,
        loaded.findLastIndex(({ cursor }) => fresh.has(cursor)),
      );
      queryClient.setQueryData(videosOptions(scope).queryKey, (list) => list && confirmVideos(list, fresh));
      return items.length;
    },
    enabled: loaded.some(({ isConfirmed }) => !isConfirmed),
    refetchInterval: pollIntervalMs(pace),
  });
}

/**
 * How many videos appeared among or above those that are loaded: live ones come on top, while a scan finds older ones
 * in between. Asked as a count from the newest down to the last loaded one. When that falls short, some of the loaded have
 * gone, and are taken from the list. The newest is asked for too, so that it does not stand in for one that has gone.
 */
export function useNewVideoCount(scope: Scope, loaded: Video[], isWhole: boolean): number {
  const queryClient = useQueryClient();
  const pace = usePace();
  const compared = loaded.slice(0, MAX_COMPARED);
  const last = isWhole && compared.length === loaded.length ? undefined : compared.at(-1)?.cursor;
  const { data: value = 0 } = useQuery({
    queryKey: ['video-count', scope, last ?? 'all'],
    async queryFn({ signal }) {
      const [count, { items: newest }] = await Promise.all([
        fetchJson<Count>('/api/videos/count', { ...scopeParameters(scope), down_to: last }, signal),
        fetchVideos(scope, undefined, signal, 1),
      ]);
      const isNew = ({ cursor }: Video) => !compared.some((video) => video.cursor === cursor);
      if (count.value < compared.length + newest.filter(isNew).length) {
        const gone = await findGone(scope, compared, signal);
        queryClient.setQueryData(videosOptions(scope).queryKey, (list) => list && dropVideos(list, gone));
      }
      return count.value;
    },
    enabled: last !== undefined || isWhole,
    // A list that does not fill its page yet grows by itself, so the first videos are seen at once.
    refetchInterval: pollIntervalMs(
      pace === 'moving' && isWhole && loaded.length < PAGE_SIZE ? 'starting' : pace,
    ),
  });
  return Math.max(0, value - compared.length);
}

/** Puts the newest page in place of everything loaded. */
export function useReloadVideos(scope: Scope): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    const { queryKey } = videosOptions(scope);
    const page = await fetchVideos(scope, undefined);
    const fresh: VideoPages = { pages: [page], pageParams: [undefined] };
    await queryClient.cancelQueries({ queryKey }); // a further page that comes now would bring back the old ones
    queryClient.setQueryData(queryKey, fresh);
    await queryClient.invalidateQueries({ queryKey: ['video-count'] });
  };
}

/** Undefined, which changes nothing, when none of them is newly confirmed. */
function confirmVideos(list: VideoPages, fresh: Map<string, Video>): VideoPages | undefined {
  const confirmed = ({ cursor, isConfirmed }: Video) => {
    const video = isConfirmed ? undefined : fresh.get(cursor);
    return video?.isConfirmed ? video : undefined;
  };
  if (!list.pages.some(({ items }) => items.some(confirmed))) return undefined;
  const pages = list.pages.map(({ items, next }) => ({
    items: items.map((video) => confirmed(video) ?? video),
    next,
  }));
  return { ...list, pages };
}

/** The cursors of those videos that the list holds no longer: it is read anew, from the top to below the last of them. */
async function findGone(scope: Scope, videos: Video[], signal: AbortSignal): Promise<Set<string>> {
  const held: Video[] = [];
  let after: string | undefined;
  const isReached = ({ messageId }: Video) => {
    const last = held.at(-1);
    // Of one message there may be more to come.
    return after === undefined || last === undefined || BigInt(messageId) > BigInt(last.messageId);
  };
  do {
    const { items, next } = await fetchVideos(scope, after, signal);
    held.push(...items);
    after = next ?? undefined;
  } while (held.length <= MAX_COMPARED && !videos.every(isReached));
  const cursors = new Set(held.map(({ cursor }) => cursor));
  const gone = videos.filter((video) => isReached(video) && !cursors.has(video.cursor));
  return new Set(gone.map(({ cursor }) => cursor));
}

function dropVideos(list: VideoPages, gone: Set<string>): VideoPages {
  const pages = list.pages.map(({ items, next }) => ({
    items: items.filter(({ cursor }) => !gone.has(cursor)),
    next,
  }));
  return { ...list, pages };
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

function fetchVideos(
  scope: Scope,
  cursor: string | undefined,
  signal?: AbortSignal,
  limit = PAGE_SIZE,
): Promise<Page<Video>> {
  return fetchJson<Page<Video>>('/api/videos', { ...scopeParameters(scope), cursor, limit }, signal);
}
