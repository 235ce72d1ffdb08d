import { FilmIcon, WarningIcon } from '../display/icons.tsx';
import { Button, Notice } from '../display/notice.tsx';
import { useGuilds, useIsMoving } from '../guilds/guild-queries.ts';
import { NewVideos } from './new-videos.tsx';
import type { Scope } from './scope.ts';
import { SkeletonGrid } from './skeleton-grid.tsx';
import { VideoGrid } from './video-grid.tsx';
import { useVideos } from './video-queries.ts';

/** The videos of the scope, or what stands in their place. */
export function VideoList({ scope }: { scope: Scope }) {
  const { data, error, isPending, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useVideos(scope);
  if (isPending) return <SkeletonGrid />;
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
  const videos = data.pages.flatMap((page) => page.items);
  return (
    <>
      <h2 className="sr-only">Videos, newest first</h2>
      <NewVideos scope={scope} loaded={videos} isWhole={!hasNextPage} />
      {videos.length === 0 ? (
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

function NoVideos({ scope }: { scope: Scope }) {
  const isMoving = useIsMoving();
  const { data: guilds } = useGuilds();
  const icon = <FilmIcon className="size-8" />;
  if (guilds?.length === 0) {
    return (
      <Notice icon={icon} title="No guild yet">
        Invite the bot to a Discord guild. Its channels and their videos appear here by themselves.
      </Notice>
    );
  }
  if (isMoving) {
    return (
      <Notice icon={icon} title="Looking for videos">
        The history is being read. Videos appear here as soon as they are found.
      </Notice>
    );
  }
  return (
    <Notice icon={icon} title="No videos here">
      {scope.channel
        ? 'No video was posted in this channel.'
        : 'No video was posted in the channels that are read.'}{' '}
      New ones appear by themselves.
    </Notice>
  );
}
