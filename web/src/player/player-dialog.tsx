import * as Dialog from '@radix-ui/react-dialog';
import { useNavigate, useParams, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { videoTitle } from '../display/format.ts';
import { CloseIcon } from '../display/icons.tsx';
import { useScope } from '../videos/scope.ts';
import { useVideo } from '../videos/video-queries.ts';
import { handlePlayerKey } from './player-keys.ts';
import { PlayerProblem } from './player-problem.tsx';
import { StepButtons } from './step-buttons.tsx';
import { useNeighbours } from './use-neighbours.ts';
import { VideoDetails } from './video-details.tsx';
import { VideoPlayer } from './video-player.tsx';

/** The player over the list. Its address is the video's, and going back closes it. */
export function PlayerDialog() {
  const { videoId } = useParams({ from: '/library/videos/$videoId' });
  const neighbours = useNeighbours(videoId);
  const { data: video, error, refetch } = useVideo(videoId, neighbours.current);
  const { close, open } = usePlayerMoves();
  const videoElement = useRef<HTMLVideoElement>(null);
  const title = video ? videoTitle(video) : 'Video';
  useDocumentTitle(title);

  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && close()}>
      <Dialog.Portal>
        <div data-player className="fixed inset-0 z-30 bg-black/75 backdrop-blur-xs" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            event.preventDefault(); // the keys work at once, and no button draws the eye
            (event.currentTarget as HTMLElement).focus();
          }}
          onKeyDown={(event) =>
            handlePlayerKey(event, videoElement.current, {
              next: () => neighbours.next && open(neighbours.next),
              previous: () => neighbours.previous && open(neighbours.previous),
            })
          }
          tabIndex={-1}
          className="fixed inset-0 z-30 m-auto flex max-h-dvh w-full max-w-6xl animate-rise flex-col overflow-y-auto overscroll-contain bg-surface shadow-2xl outline-none sm:h-fit sm:max-h-[calc(100dvh-2rem)] sm:w-[calc(100%-2rem)] sm:rounded-2xl"
        >
          <div className="flex items-center gap-2 px-3 py-2 sm:px-4">
            <Dialog.Title className="truncate font-semibold">{title}</Dialog.Title>
            <StepButtons
              onPrevious={neighbours.previous ? () => open(neighbours.previous) : null}
              onNext={neighbours.next ? () => open(neighbours.next) : null}
            />
            <Dialog.Close aria-label="Close the player" className="rounded-lg p-1.5 hover:bg-raised">
              <CloseIcon />
            </Dialog.Close>
          </div>
          {error && !video ? (
            <PlayerProblem message={error.message} onRetry={() => void refetch()} />
          ) : (
            <VideoPlayer key={videoId} videoId={videoId} video={video} ref={videoElement} />
          )}
          {video && <VideoDetails video={video} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Closing goes back to the list that the player was opened from; a deep link has none, and makes one. */
function usePlayerMoves() {
  const router = useRouter();
  const navigate = useNavigate();
  const scope = useScope();
  const isFromList = useRouterState({ select: ({ location }) => location.state.isFromList === true });
  return {
    close() {
      if (isFromList) router.history.back();
      else void navigate({ to: '/', search: scope, replace: true });
    },
    open(videoId: string | undefined) {
      if (videoId === undefined) return;
      void navigate({
        to: '/videos/$videoId',
        params: { videoId },
        search: scope,
        replace: true, // stepping through videos is one visit: back leads to the list
        state: { isFromList },
      });
    },
  };
}

function useDocumentTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · Clipdex`;
    return () => {
      document.title = before;
    };
  }, [title]);
}
