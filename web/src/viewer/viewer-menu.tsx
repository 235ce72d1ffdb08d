import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { Me } from '../../../src/http/contract.ts';
import { ChevronIcon } from '../display/icons.tsx';
import { Avatar } from './avatar.tsx';
import { logOut } from './log-out.ts';
import { viewerName } from './viewer-query.ts';

const ID = 'viewer-menu';
const itemClass =
  'flex w-full items-center rounded-lg px-3 py-2 text-left text-sm font-medium hover:bg-raised aria-[current=page]:bg-raised';

/** Who one is, and what concerns oneself. A popover of the browser's: Escape and a click elsewhere close it. */
export function ViewerMenu({ me }: { me: Me }) {
  const menu = useRef<HTMLElement>(null);
  const close = () => menu.current?.hidePopover();
  const name = viewerName(me);
  return (
    <>
      <button
        type="button"
        popoverTarget={ID}
        aria-label={`Menu of ${name}`}
        className="flex shrink-0 items-center gap-1 rounded-full"
      >
        <Avatar me={me} />
        <ChevronIcon className="size-4 text-muted max-sm:hidden" />
      </button>
      <nav
        ref={menu}
        id={ID}
        popover="auto"
        aria-label="Yours"
        className="inset-auto top-15 right-[max(1rem,calc((100vw-110rem)/2+1.5rem))] w-64 max-w-[calc(100vw-2rem)] rounded-xl border border-line bg-surface p-2 text-ink shadow-2xl"
      >
        <p className="px-3 pt-1.5 pb-2.5">
          <span className="block truncate font-semibold">{name}</span>
          {me.username !== null && <span className="block truncate text-sm text-muted">@{me.username}</span>}
        </p>
        <ul className="border-t border-line pt-2">
          <Item>
            <Link to="/account" onClick={close} className={itemClass}>
              Account
            </Link>
          </Item>
          <Item>
            <Link to="/install" search={{}} onClick={close} className={itemClass}>
              Add to a server
            </Link>
          </Item>
          <Item>
            <Link to="/developers" onClick={close} className={itemClass}>
              API
            </Link>
          </Item>
          {me.isOperator && (
            <Item>
              <Link to="/operator" onClick={close} className={itemClass}>
                Operator
              </Link>
            </Item>
          )}
          <Item>
            <LogOutButton />
          </Item>
        </ul>
      </nav>
    </>
  );
}

function Item({ children }: { children: ReactNode }) {
  return <li>{children}</li>;
}

function LogOutButton() {
  const { mutate, isPending, error } = useMutation({ mutationFn: logOut });
  return (
    <>
      <button type="button" disabled={isPending} onClick={() => mutate()} className={itemClass}>
        Log out
      </button>
      {error && (
        <p role="alert" className="px-3 pb-1 text-sm text-danger">
          {error.message}
        </p>
      )}
    </>
  );
}
