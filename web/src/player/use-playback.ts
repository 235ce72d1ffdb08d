import { type SyntheticEvent, useRef, useState } from 'react';
import { RequestError, readProblem } from '../api/request-error.ts';

const MAX_RETRIES = 3; // in a row; a fresh link that fails thrice will fail again
const MAX_RETRIES_OF_UNKNOWN_FORMAT = 1; // only the link can be mended, the format cannot
const HEALTHY_SECS = 10; // so much played: earlier failures are forgotten

/** `format`: the file is there, but this browser does not play it, so trying again is no use. */
export type PlaybackProblem = { kind: 'format' | 'refused'; message: string };

/**
 * Plays through expiring links: a link that ended while watching fails the next seek, so the source is set again,
 * which fetches a fresh link, and playing goes on where it was.
 */
export function usePlayback(videoId: string, contentType: string | null) {
  const [attempt, setAttempt] = useState(0);
  const [problem, setProblem] = useState<PlaybackProblem | null>(null);
  const resume = useRef<{ time: number; isPlaying: boolean } | null>(null);
  const failures = useRef(0);
  const playedFrom = useRef(0);
  const url = `/videos/${encodeURIComponent(videoId)}/stream`;

  async function onError(event: SyntheticEvent<HTMLVideoElement>) {
    const video = event.currentTarget;
    const isKnownFormat = contentType === null || video.canPlayType(contentType) !== '';
    resume.current ??= { time: video.currentTime, isPlaying: !video.paused };
    failures.current += 1;
    if (failures.current <= (isKnownFormat ? MAX_RETRIES : MAX_RETRIES_OF_UNKNOWN_FORMAT)) {
      setAttempt((before) => before + 1);
    } else setProblem(await explainFailure(url));
  }

  function onLoadedMetadata(event: SyntheticEvent<HTMLVideoElement>) {
    const video = event.currentTarget;
    if (resume.current === null) return;
    const { time, isPlaying } = resume.current;
    resume.current = null;
    video.currentTime = time;
    playedFrom.current = time;
    if (isPlaying) void video.play().catch(() => {}); // refused without a click: the controls are there
  }

  function onTimeUpdate(event: SyntheticEvent<HTMLVideoElement>) {
    const { currentTime } = event.currentTarget;
    if (Math.abs(currentTime - playedFrom.current) > HEALTHY_SECS) failures.current = 0;
  }

  function retry() {
    failures.current = 0;
    resume.current = null;
    setProblem(null);
    setAttempt((before) => before + 1);
  }

  return {
    src: attempt === 0 ? url : `${url}?retry=${attempt % 100 || 1}`,
    problem,
    retry,
    handlers: {
      onError: (event: SyntheticEvent<HTMLVideoElement>) => void onError(event),
      onLoadedMetadata,
      onTimeUpdate,
    },
  };
}

/**
 * A media element does not tell why it failed: the server does, and if it has a link, the format is to blame. The browser
 * may hold a link from when the video was still there.
 */
async function explainFailure(url: string): Promise<PlaybackProblem> {
  const response = await fetch(url, { redirect: 'manual', cache: 'no-store' }).catch(() => null);
  if (response === null) return { kind: 'refused', message: new RequestError(null).message };
  if (response.type === 'opaqueredirect') {
    return { kind: 'format', message: 'Your browser cannot play this file. Other programs may.' };
  }
  const detail = (await readProblem(response))?.detail;
  return { kind: 'refused', message: detail ?? 'The video could not be loaded.' };
}
