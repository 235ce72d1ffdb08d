import * as Dialog from '@radix-ui/react-dialog';
import { Link, useParams, useRouterState } from '@tanstack/react-router';
import { type Ref, useRef, useState } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { isWorthRetrying } from '../api/request-error.ts';
import { Button } from '../display/button.tsx';
import { videoTitle } from '../display/format.ts';
import { CloseIcon } from '../display/icons.tsx';
import { useDocumentTitle } from '../page/use-document-title.ts';
import { useCover } from '../videos/use-cover.ts';
import { useVideo } from '../videos/video-queries.ts';
import { Elsewhere } from './elsewhere.tsx';
import { KeyList } from './key-list.tsx';
import { PlayerProblem } from './player-problem.tsx';
import { StepButtons } from './step-buttons.tsx';
import { useNeighbours } from './use-neighbours.ts';
import { usePlayerKeys } from './use-player-keys.ts';
import { usePlayerMoves } from './use-player-moves.ts';
import { VideoCover } from './video-cover.tsx';
import { VideoDetails } from './video-details.tsx';
import { VideoPlayer } from './video-player.tsx';

/** The player over the list. Its address is the video's, and going back closes it. */
export function PlayerDialog() {
  const { videoId } = useParams({ from: '/viewer/library/videos/$videoId' });
  const neighbours = useNeighbours(videoId);
  const { data: video, error, refetch } = useVideo(videoId, neighbours.current);
  const { close, open } = usePlayerMoves();
  const videoElement = useRef<HTMLVideoElement>(null);
  const title = video ? videoTitle(video) : 'Video';
  useDocumentTitle([title]);
  usePlayerKeys(videoElement, {
    next: () => neighbours.next && open(neighbours.next),
    previous: () => neighbours.previous && open(neighbours.previous),
  });

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
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (video) findCard(video)?.focus();
          }}
          tabIndex={-1}
          className="fixed inset-0 z-30 m-auto flex max-h-dvh w-full max-w-6xl animate-rise flex-col overflow-y-auto overscroll-contain bg-surface shadow-2xl outline-none sm:h-fit sm:max-h-[calc(100dvh-2rem)] sm:w-[calc(100%-2rem)] sm:rounded-2xl"
        >
          <div className="flex items-center gap-2 px-3 py-2 sm:px-4">
            <Dialog.Title className="truncate font-semibold">{title}</Dialog.Title>
            <StepButtons
              onPrevious={neighbours.previous ? () => open(neighbours.previous) : null}
              onNext={neighbours.next ? () => open(neighbours.next) : null}
            />
            <KeyList />
            <Dialog.Close aria-label="Close the player" className="rounded-lg p-1.5 hover:bg-raised">
              <CloseIcon />
            </Dialog.Close>
          </div>
          {error && !video && (
            <PlayerProblem message={error.message}>
              {isWorthRetrying(error) && <Button onClick={() => void refetch()}>Try again</Button>}
              <Link to="/" search={{}} className="text-sm font-semibold text-accent underline">
                Go to the videos
              </Link>
            </PlayerProblem>
          )}
          {!error && !video && <div className="aspect-video max-h-[70dvh] w-full shrink-0 bg-black" />}
          {video && <Stage key={videoId} video={video} ref={videoElement} />}
          {video && <VideoDetails video={video} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function findCard({ cursor }: Video): HTMLElement | null {
  return document.querySelector(`[data-video-card="${CSS.escape(cursor)}"]`);
}

/** The video; a covered one only once the viewer has asked for it, here or on its card. */
function Stage({ video, ref }: { video: Video; ref: Ref<HTMLVideoElement> }) {
  const cover = useCover(video);
  const isShown = useRouterState({ select: ({ location }) => location.state.isUncovered === true });
  const [isRevealed, setIsRevealed] = useState(isShown);
  if (cover && !isRevealed) {
    return <VideoCover video={video} cover={cover} onReveal={() => setIsRevealed(true)} />;
  }
  return video.hasFile ? <VideoPlayer video={video} ref={ref} /> : <Elsewhere video={video} />;
}
