import { useEffect, useRef, useState } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { formatNumber, plural } from '../display/format.ts';
import type { Scope } from './scope.ts';
import { PAGE_SIZE, useNewVideoCount, useReloadVideos } from './video-queries.ts';

const AT_TOP_PX = 80; // scrolled further, the viewer is looking at something

type NewVideosProps = { scope: Scope; loaded: Video[]; isWhole: boolean };

/**
 * Announces videos that appeared since the list was loaded, rather than shoving it while someone looks.
 * Only a list that does not fill its first page yet grows by itself, so that the first start fills the page.
 */
export function NewVideos({ scope, loaded, isWhole }: NewVideosProps) {
  const count = useNewVideoCount(scope, loaded, isWhole);
  const reload = useReloadVideos(scope);
  const [hasFailed, setHasFailed] = useState(false);
  const isBusy = useRef(false);

  async function showNew() {
    if (isBusy.current) return;
    isBusy.current = true;
    try {
      await reload();
      setHasFailed(false);
    } catch {
      setHasFailed(true); // the button stays, and so does what is shown
    } finally {
      isBusy.current = false;
    }
  }

  const isGrowing = isWhole && loaded.length < PAGE_SIZE;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new count is the reason to look, once each
  useEffect(() => {
    if (count > 0 && isGrowing && window.scrollY < AT_TOP_PX) void showNew();
  }, [count, isGrowing]);

  const isAnnounced = count > 0 && !isGrowing;
  return (
    <div aria-live="polite" className="pointer-events-none sticky top-18 z-10 h-0 text-center">
      {isAnnounced && (
        <button
          type="button"
          onClick={() => {
            void showNew().then(() => window.scrollTo({ top: 0 }));
          }}
          className="pointer-events-auto animate-rise rounded-full bg-accent px-4 py-2 text-sm font-semibold text-on-accent shadow-lg hover:brightness-110"
        >
          {plural(formatNumber(count), 'new video')} – {hasFailed ? 'try again' : 'show'}
        </button>
      )}
    </div>
  );
}
