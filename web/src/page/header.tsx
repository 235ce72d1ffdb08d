import { Link } from '@tanstack/react-router';
import { ChevronIcon } from '../display/icons.tsx';
import icon from '../icon.svg';

type HeaderProps = { isNavOpen: boolean; onToggleNav: () => void };

export function Header({ isNavOpen, onToggleNav }: HeaderProps) {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-canvas/90 backdrop-blur">
      <div className="mx-auto flex h-14 max-w-[110rem] items-center justify-between px-4 sm:px-6">
        <Link
          to="/"
          search={{}}
          className="flex items-center gap-2.5 rounded-lg text-lg font-bold tracking-tight"
        >
          <img src={icon} alt="" width="28" height="28" />
          <h1>Clipdex</h1>
        </Link>
        <button
          type="button"
          aria-expanded={isNavOpen}
          aria-controls="library-nav"
          onClick={onToggleNav}
          className="flex items-center gap-1.5 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm font-medium lg:hidden"
        >
          Guilds and channels
          <ChevronIcon className={`size-4 transition-transform ${isNavOpen ? 'rotate-180' : ''}`} />
        </button>
      </div>
    </header>
  );
}
