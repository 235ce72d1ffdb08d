import { type RefObject, useLayoutEffect } from 'react';

let keptVolume = { volume: 1, muted: false }; // from one video to the next, until the page is closed

/** Gives a player the volume that the one before it had. It is read when a player goes: events may come too late. */
export function useKeptVolume(player: RefObject<HTMLVideoElement | null>, isShown: boolean) {
  useLayoutEffect(() => {
    const video = player.current;
    if (!video || !isShown) return;
    Object.assign(video, keptVolume);
    return () => {
      keptVolume = { volume: video.volume, muted: video.muted };
    };
  }, [player, isShown]);
}
