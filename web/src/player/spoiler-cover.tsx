import type { Video } from '../../../src/http/contract.ts';
import { Poster } from '../videos/poster.tsx';

type SpoilerCoverProps = { video: Video; onReveal: () => void };

/** In place of the player until the viewer wants to see the spoiler. */
export function SpoilerCover({ video, onReveal }: SpoilerCoverProps) {
  return (
    <div className="relative grid aspect-video max-h-[70dvh] min-h-40 w-full shrink-0 place-items-center overflow-hidden bg-black">
      <Poster video={video} isBlurred />
      <button
        type="button"
        onClick={onReveal}
        className="relative rounded-full bg-black/75 px-5 py-2.5 text-sm font-semibold text-white hover:bg-black"
      >
        This is a spoiler – show it
      </button>
    </div>
  );
}
