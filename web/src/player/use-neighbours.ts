import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { useScope } from '../videos/scope.ts';
import { useVideos } from '../videos/video-queries.ts';

const FETCH_AHEAD = 2; // videos before the end of what is loaded

export type Neighbours = { current?: Video; previous?: Video; next?: Video };

/** The videos before and after this one in the list behind the player; none for one that the list does not hold. */
export function useNeighbours(videoId: string): Neighbours {
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = useVideos(
    useScope(),
  );
  const videos = data?.pages.flatMap((page) => page.items) ?? [];
  const opened = useRouterState({ select: ({ location }) => location.state.cursor });
  const index = findPlace(videos, videoId, opened);
  const isNearEnd = index >= 0 && index >= videos.length - FETCH_AHEAD;
  const isWanted = isNearEnd && hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (isWanted) void fetchNextPage();
  }, [isWanted, fetchNextPage]);
  if (index < 0) return {};
  const [previous, current, next] = [videos[index - 1], videos[index], videos[index + 1]];
  return {
    ...(current && { current }),
    ...(previous && { previous }),
    ...(next && { next }),
  };
}

/**
 * A forward may have the id of its original, so what was opened from the list is found by its cursor. A deep link has
 * none, and means the original, which is the oldest.
 */
function findPlace(videos: Video[], videoId: string, opened: string | undefined): number {
  const index = videos.findIndex(({ id, cursor }) => id === videoId && cursor === opened);
  return index >= 0 ? index : videos.findLastIndex(({ id }) => id === videoId);
}
