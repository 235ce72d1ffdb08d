import type { ReactNode } from 'react';
import { keepPlace } from './kept-place.ts';
import { loginUrl } from './login-url.ts';
import { useReturnTo } from './use-return-to.ts';

type LoginLinkProps = { className: string; children: ReactNode };

/** To Discord, and from there back to where one is. */
export function LoginLink({ className, children }: LoginLinkProps) {
  const returnTo = useReturnTo();
  return (
    <a href={loginUrl(returnTo)} onClick={() => keepPlace(returnTo)} className={className}>
      {children}
    </a>
  );
}
