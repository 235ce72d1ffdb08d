import { Link } from '@tanstack/react-router';
import type { Video } from '../../../src/http/contract.ts';
import { Poster } from '../videos/poster.tsx';
import { type Cover, coverWords } from '../videos/use-cover.ts';

type VideoCoverProps = { video: Video; cover: Cover; onReveal: () => void };

/** In place of the player until the viewer wants to see what is covered. */
export function VideoCover({ video, cover, onReveal }: VideoCoverProps) {
  return (
    <div className="relative grid aspect-video max-h-[70dvh] min-h-40 w-full shrink-0 place-items-center overflow-hidden bg-black">
      <Poster video={video} isBlurred />
      <div className="relative flex flex-col items-center gap-3 p-4 text-center text-sm font-semibold text-white">
        <button
          type="button"
          onClick={onReveal}
          className="rounded-full bg-black/75 px-5 py-2.5 hover:bg-black"
        >
          {coverWords[cover].sentence} – show it
        </button>
        {cover === 'age_restricted' && (
          <Link
            to="/account"
            className="rounded-full bg-black/75 px-4 py-1.5 text-xs font-medium hover:bg-black"
          >
            Never ask: change it in your account
          </Link>
        )}
      </div>
    </div>
  );
}
