import type { Video } from '../../../src/http/contract.ts';
import { providerName } from '../display/format.ts';
import { ExternalIcon } from '../display/icons.tsx';
import { Poster } from '../videos/poster.tsx';

/** In place of the player: a video that only the page of another site plays. */
export function Elsewhere({ video }: { video: Video }) {
  return (
    <div className="relative grid aspect-video max-h-[70dvh] min-h-40 w-full shrink-0 place-items-center overflow-hidden bg-black">
      <Poster video={video} isBlurred={false} />
      {video.pageUrl && (
        <a
          href={video.pageUrl}
          target="_blank"
          rel="noreferrer"
          className="relative flex items-center gap-2 rounded-full bg-black/80 px-5 py-2.5 text-sm font-semibold text-white hover:bg-black"
        >
          Open on {providerName(video)}
          <ExternalIcon className="size-4" />
        </a>
      )}
    </div>
  );
}
