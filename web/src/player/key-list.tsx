import { useState } from 'react';
import { playerKeys } from './player-keys.ts';

/** The keys of the player behind a question mark. */
export function KeyList() {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="hidden sm:block">
      <button
        type="button"
        aria-label="Keys of the player"
        aria-expanded={isShown}
        title="Keys of the player"
        onClick={() => setIsShown(!isShown)}
        className="size-8 rounded-lg font-semibold text-muted hover:bg-raised"
      >
        ?
      </button>
      {isShown && (
        <dl className="absolute top-13 right-4 z-10 grid grid-cols-[auto_auto] gap-x-5 gap-y-1.5 rounded-xl border border-line bg-surface p-4 text-sm shadow-2xl">
          {playerKeys.map(({ keys, does }) => (
            <div key={keys} className="contents">
              <dt className="font-semibold whitespace-nowrap">{keys}</dt>
              <dd className="text-muted">{does}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
