import { NextIcon, PreviousIcon } from '../display/icons.tsx';

type StepButtonsProps = { onPrevious: (() => void) | null; onNext: (() => void) | null };

/** To the neighbours in the list; also with the keys p and n. */
export function StepButtons({ onPrevious, onNext }: StepButtonsProps) {
  const className = 'rounded-lg p-1.5 hover:bg-raised disabled:opacity-30 disabled:hover:bg-transparent';
  return (
    <div className="ml-auto flex shrink-0">
      <button
        type="button"
        aria-label="Previous video"
        title="Previous video (p)"
        disabled={!onPrevious}
        onClick={() => onPrevious?.()}
        className={className}
      >
        <PreviousIcon />
      </button>
      <button
        type="button"
        aria-label="Next video"
        title="Next video (n)"
        disabled={!onNext}
        onClick={() => onNext?.()}
        className={className}
      >
        <NextIcon />
      </button>
    </div>
  );
}
