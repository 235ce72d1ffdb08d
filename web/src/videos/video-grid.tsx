import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { useGridLayout } from './use-grid-layout.ts';
import { VideoCard } from './video-card.tsx';

const OVERSCAN_ROWS = 3;
const ROWS_AHEAD = 4; // the next page is fetched when so many rows are left below

type VideoGridProps = {
  videos: Video[];
  hasMore: boolean;
  isLoadingMore: boolean;
  moreError: Error | null;
  onMore: () => void;
};

/** Only the rows near the window are in the document, however many videos are loaded. All rows are equally high. */
export function VideoGrid({ videos, hasMore, isLoadingMore, moreError, onMore }: VideoGridProps) {
  const { ref, columns, top, cardPx, columnPx, rowPx } = useGridLayout();
  const rowCount = Math.ceil(videos.length / columns);
  const virtualizer = useWindowVirtualizer({
    count: rowCount,
    estimateSize: () => rowPx,
    overscan: OVERSCAN_ROWS,
    scrollMargin: top,
  });
  useEffect(() => {
    if (rowPx > 0) virtualizer.measure();
  }, [rowPx, virtualizer]);
  const rows = virtualizer.getVirtualItems();

  const lastRow = rows.at(-1)?.index ?? 0;
  const isNearEnd = lastRow >= rowCount - ROWS_AHEAD;
  const isWanted = isNearEnd && hasMore && !isLoadingMore && moreError === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `onMore` is new at each render; a longer list asks again
  useEffect(() => {
    if (isWanted) onMore();
  }, [isWanted, videos.length]);

  return (
    <>
      <ul ref={ref} className="relative" style={{ height: rowCount * rowPx }}>
        {rows.flatMap((row) =>
          videos.slice(row.index * columns, (row.index + 1) * columns).map((video, column) => (
            <li
              key={video.cursor}
              aria-setsize={hasMore ? -1 : videos.length}
              aria-posinset={row.index * columns + column + 1}
              className="absolute top-0 left-0"
              style={{
                width: cardPx,
                transform: `translate(${column * columnPx}px, ${row.index * rowPx}px)`,
              }}
            >
              <VideoCard video={video} />
            </li>
          )),
        )}
      </ul>
      <div aria-live="polite" className="pt-2 text-center text-sm text-muted">
        {isLoadingMore && 'Loading more videos…'}
        {moreError && (
          <div className="flex flex-col items-center gap-3 py-4">
            {moreError.message}
            <Button onClick={onMore}>Try again</Button>
          </div>
        )}
      </div>
    </>
  );
}
