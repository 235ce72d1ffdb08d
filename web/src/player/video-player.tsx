import type { Ref } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { PlayerProblem } from './player-problem.tsx';
import { usePlayback } from './use-playback.ts';

type VideoPlayerProps = { videoId: string; video: Video | undefined; ref: Ref<HTMLVideoElement> };

/** The browser's own player on `/videos/{id}/stream`. Its box has the video's shape before anything is loaded. */
export function VideoPlayer({ videoId, video, ref }: VideoPlayerProps) {
  const { src, problem, retry, handlers } = usePlayback(videoId);
  if (problem) return <PlayerProblem message={problem} onRetry={retry} fileUrl={src} />;
  const ratio = video?.width && video.height ? video.width / video.height : 16 / 9;
  return (
    <div className="flex shrink-0 justify-center bg-black">
      <video
        ref={ref}
        src={src}
        poster={video?.hasPoster ? `/videos/${encodeURIComponent(videoId)}/poster` : undefined}
        controls
        autoPlay
        playsInline
        aria-label={video ? (video.title ?? video.filename) : 'Video'}
        style={{ aspectRatio: ratio }}
        className="max-h-[min(70dvh,calc(100dvh-14rem))] min-h-40 w-full object-contain"
        {...handlers}
      />
    </div>
  );
}
