import { useLayoutEffect, useRef, useState } from 'react';

const MIN_CARD_PX = 240;
const GAP_PX = 20;
const TEXT_REM = 9; // of a card below its still: four to five lines, and the gap to the next row
const ASPECT = 16 / 9;

type Measured = { width: number; top: number; remPx: number };

/** How many cards fit side by side, how large they and their rows are, and where the grid begins on the page. */
export function useGridLayout() {
  const ref = useRef<HTMLUListElement>(null);
  const [{ width, top, remPx }, setMeasured] = useState<Measured>({ width: MIN_CARD_PX, top: 0, remPx: 16 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => {
      const box = element.getBoundingClientRect();
      const next: Measured = {
        width: box.width,
        top: Math.round(box.top + window.scrollY),
        remPx: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
      };
      setMeasured((before) => (isSame(before, next) ? before : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body); // what stands above the grid grows and shrinks
    return () => observer.disconnect();
  }, []);
  const columns = Math.max(1, Math.floor((width + GAP_PX) / (MIN_CARD_PX + GAP_PX)));
  const cardPx = (width - GAP_PX * (columns - 1)) / columns;
  return {
    ref,
    top,
    columns,
    cardPx,
    columnPx: cardPx + GAP_PX,
    rowPx: Math.round(cardPx / ASPECT + TEXT_REM * remPx),
  };
}

function isSame(a: Measured, b: Measured): boolean {
  return a.width === b.width && a.top === b.top && a.remPx === b.remPx;
}
