import { Button } from '../display/button.tsx';
import { WarningIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { NewVideos } from './new-videos.tsx';
import { NoVideos } from './no-videos.tsx';
import type { Scope } from './scope.ts';
import { SkeletonGrid } from './skeleton-grid.tsx';
import { VideoGrid } from './video-grid.tsx';
import { useConfirmations, useVideos } from './video-queries.ts';

/** The videos of the scope, or what stands in their place. */
export function VideoList({ scope }: { scope: Scope }) {
  const { data, error, isPending, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useVideos(scope);
  const videos = data?.pages.flatMap((page) => page.items) ?? [];
  useConfirmations(scope, videos);
  if (isPending) return <SkeletonGrid label="Loading videos" />;
  if (data === undefined) {
    return (
      <Notice
        icon={<WarningIcon className="size-8" />}
        title="The videos could not be loaded"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {error?.message}
      </Notice>
    );
  }
  return (
    <>
      <h2 className="sr-only">Videos, newest first</h2>
      <NewVideos scope={scope} loaded={videos} isWhole={!hasNextPage} />
      {videos.length === 0 && !hasNextPage ? (
        <NoVideos scope={scope} />
      ) : (
        <VideoGrid
          videos={videos}
          hasMore={hasNextPage}
          isLoadingMore={isFetchingNextPage}
          moreError={error}
          onMore={() => void fetchNextPage()}
        />
      )}
    </>
  );
}
