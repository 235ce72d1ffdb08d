import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Count } from '../../../src/http/contract.ts';
import { formatCount } from '../display/format.ts';

type NavLinkProps = {
  scope: { guild?: string };
  onChoose: () => void;
  count: Count;
  children: ReactNode;
};

export function NavLink({ scope, onChoose, count, children }: NavLinkProps) {
  return (
    <Link
      to="/"
      search={scope}
      onClick={onChoose}
      activeOptions={{ exact: true, includeSearch: true }}
      className="flex min-w-0 grow items-center gap-2.5 rounded-lg px-2 py-1.5 font-medium hover:bg-raised aria-[current=page]:bg-raised"
    >
      {children}
      <span className="ml-auto shrink-0 text-xs text-muted tabular-nums">
        {formatCount(count)}
        <span className="sr-only"> videos</span>
      </span>
    </Link>
  );
}
