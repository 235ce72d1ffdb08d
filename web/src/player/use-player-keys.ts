import { type RefObject, useEffect, useEffectEvent } from 'react';
import { handlePlayerKey, type Moves } from './player-keys.ts';

/** The player's keys hold wherever the focus is, since in fullscreen and after it the dialog does not have it. */
export function usePlayerKeys(video: RefObject<HTMLVideoElement | null>, moves: Moves): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => handlePlayerKey(event, video.current, moves));
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    // In the capture phase, before the controls of the browser take the key for themselves.
    document.addEventListener('keydown', listen, { capture: true });
    return () => document.removeEventListener('keydown', listen, { capture: true });
  }, []);
}
