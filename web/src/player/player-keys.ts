const SEEK_SECS = 5;
const VOLUME_STEP = 0.1;

export type Moves = { next: () => void; previous: () => void };

/** What the keys do, as it is shown. Escape closes the player by itself. */
export const playerKeys = [
  { keys: 'Space, k', does: 'play or pause' },
  { keys: '← →', does: `${SEEK_SECS} seconds back or on` },
  { keys: '↑ ↓', does: 'louder or quieter' },
  { keys: 'm', does: 'mute' },
  { keys: 'f', does: 'fullscreen' },
  { keys: 'n, p', does: 'next or previous video' },
  { keys: 'Esc', does: 'close' },
];

const moveKeys: Record<string, keyof Moves> = { n: 'next', p: 'previous' };

const videoKeys: Record<string, (video: HTMLVideoElement) => void> = {
  ' ': togglePlay,
  k: togglePlay,
  ArrowLeft: (video) => seekBy(video, -SEEK_SECS),
  ArrowRight: (video) => seekBy(video, SEEK_SECS),
  ArrowUp: (video) => changeVolume(video, VOLUME_STEP),
  ArrowDown: (video) => changeVolume(video, -VOLUME_STEP),
  f: toggleFullscreen,
  m: (video) => {
    video.muted = !video.muted;
  },
};

/** @param video Null: none plays here, as under a cover; its keys are left to the browser, which scrolls by them. */
export function handlePlayerKey(event: KeyboardEvent, video: HTMLVideoElement | null, moves: Moves): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const move = moveKeys[key];
  const act = videoKeys[key];
  if (key === ' ' && isPressable(event.target)) return;
  if (move) moves[move]();
  else if (act && video) act(video);
  else return;
  event.preventDefault(); // else the browser's own controls act on the key, too
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

/** Space presses a focused button; it must not play as well. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary') !== null;
}

function togglePlay(video: HTMLVideoElement): void {
  if (video.paused)
    void video.play().catch(() => {}); // a broken source shows itself by its error event
  else video.pause();
}

function seekBy(video: HTMLVideoElement, secs: number): void {
  const end = Number.isFinite(video.duration) ? video.duration : 0;
  video.currentTime = Math.min(end, Math.max(0, video.currentTime + secs));
}

function changeVolume(video: HTMLVideoElement, step: number): void {
  video.volume = Math.min(1, Math.max(0, video.volume + step));
  video.muted = video.volume === 0;
}

function toggleFullscreen(video: HTMLVideoElement): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : video.requestFullscreen();
  void change.catch(() => {}); // the browser may refuse it; nothing is lost
}
