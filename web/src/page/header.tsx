import { Link } from '@tanstack/react-router';
import { ChevronIcon } from '../display/icons.tsx';
import icon from '../icon.svg';
import { useInstance } from './instance-query.ts';

type HeaderProps = {
  /** Of the guild or the channel that the page shows; null for all. */
  chosenName: string | null;
  isNavOpen: boolean;
  onToggleNav: () => void;
};

export function Header({ chosenName, isNavOpen, onToggleNav }: HeaderProps) {
  const isSandbox = useInstance()?.isSandbox === true;
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-canvas/90 backdrop-blur">
      <div className="mx-auto flex h-14 max-w-[110rem] items-center justify-between gap-3 px-4 sm:px-6">
        <div className="flex shrink-0 items-center gap-2.5">
          <Link
            to="/"
            search={{}}
            className="flex items-center gap-2.5 rounded-lg text-lg font-bold tracking-tight"
          >
            <img src={icon} alt="" width="28" height="28" />
            <h1>Clipdex</h1>
          </Link>
          {isSandbox && (
            <span
              title="A made-up Discord on this machine: its guilds, people and videos are invented"
              className="rounded-md border border-line bg-raised px-1.5 text-xs leading-5 font-semibold text-muted"
            >
              Sandbox
            </span>
          )}
        </div>
        <button
          type="button"
          aria-expanded={isNavOpen}
          aria-controls="library-nav"
          onClick={onToggleNav}
          className="flex min-w-0 items-center gap-1.5 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm font-medium lg:hidden"
        >
          <span className={chosenName === null ? '' : 'sr-only'}>Guilds and channels</span>
          {chosenName !== null && <span className="truncate">{chosenName}</span>}
          <ChevronIcon className={`size-4 transition-transform ${isNavOpen ? 'rotate-180' : ''}`} />
        </button>
      </div>
    </header>
  );
}
