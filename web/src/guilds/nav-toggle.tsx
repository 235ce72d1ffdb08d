import { ChevronIcon } from '../display/icons.tsx';

type NavToggleProps = {
  /** Of the guild or the channel that the page shows; null for all. */
  chosenName: string | null;
  isOpen: boolean;
  onToggle: () => void;
};

/** On narrow screens: shows the guilds and channels, and says which is chosen. */
export function NavToggle({ chosenName, isOpen, onToggle }: NavToggleProps) {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls="library-nav"
      onClick={onToggle}
      className="flex min-w-0 items-center gap-1.5 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm font-medium lg:hidden"
    >
      <span className={chosenName === null ? '' : 'sr-only'}>
        Servers<span className="max-sm:sr-only"> and channels</span>
      </span>
      {chosenName !== null && <span className="truncate">{chosenName}</span>}
      <ChevronIcon className={`size-4 transition-transform ${isOpen ? 'rotate-180' : ''}`} />
    </button>
  );
}
