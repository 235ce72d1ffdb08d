import { type Ref, useImperativeHandle, useRef } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { Button, buttonClass } from '../display/button.tsx';
import { videoTitle } from '../display/format.ts';
import { PlayerProblem } from './player-problem.tsx';
import { useKeptVolume } from './use-kept-volume.ts';
import { usePlayback } from './use-playback.ts';

type VideoPlayerProps = { video: Video; ref: Ref<HTMLVideoElement> };

/** The browser's own player on `/videos/{id}/stream`. Its box has the video's shape before anything is loaded. */
export function VideoPlayer({ video, ref }: VideoPlayerProps) {
  const { src, problem, retry, handlers } = usePlayback(video.id, video.contentType);
  const element = useRef<HTMLVideoElement>(null);
  useImperativeHandle<HTMLVideoElement | null, HTMLVideoElement | null>(ref, () => element.current);
  useKeptVolume(element, problem === null);
  if (problem) {
    return (
      <PlayerProblem message={problem.message}>
        {problem.kind === 'refused' && <Button onClick={retry}>Try again</Button>}
        <a
          href={src}
          target="_blank"
          rel="noreferrer"
          className={
            problem.kind === 'format' ? buttonClass() : 'text-sm font-semibold text-accent underline'
          }
        >
          Open the file itself
        </a>
      </PlayerProblem>
    );
  }
  return (
    <div className="flex shrink-0 justify-center bg-black">
      <video
        ref={element}
        src={src}
        poster={video.hasPoster ? `/videos/${encodeURIComponent(video.id)}/poster` : undefined}
        controls
        autoPlay
        loop={video.isGif}
        playsInline
        aria-label={videoTitle(video)}
        style={{ aspectRatio: video.width && video.height ? video.width / video.height : 16 / 9 }}
        className="max-h-[min(70dvh,calc(100dvh-14rem))] min-h-40 w-full object-contain"
        {...handlers}
      />
    </div>
  );
}
