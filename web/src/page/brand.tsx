import { Link } from '@tanstack/react-router';
import icon from '../icon.svg';
import { useInstance } from './instance-query.ts';

/**
 * Leads home, and says where one is: a sandbox is not Discord.
 * @param props.isShort On a phone the mark stands for the word.
 */
export function Brand({ isShort = false }: { isShort?: boolean }) {
  const isSandbox = useInstance()?.isSandbox === true;
  return (
    <div className="flex shrink-0 items-center gap-2.5">
      <Link
        to="/"
        search={{}}
        className="flex items-center gap-2.5 rounded-lg text-lg font-bold tracking-tight"
      >
        <img src={icon} alt="" width="28" height="28" />
        <span className={isShort ? 'max-sm:sr-only' : ''}>Clipdex</span>
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
  );
}
