import type { ReactNode } from 'react';
import { LoginLink } from '../login/login-link.tsx';
import { ViewerMenu } from '../viewer/viewer-menu.tsx';
import { useViewer } from '../viewer/viewer-query.ts';
import { Brand } from './brand.tsx';

/** On top of every page. `children`: what the page itself has to choose there. */
export function Header({ children }: { children?: ReactNode }) {
  const { data: viewer } = useViewer();
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-canvas/90 backdrop-blur">
      <div className="mx-auto flex h-14 max-w-[110rem] items-center gap-3 px-4 sm:px-6">
        <Brand isShort={children !== undefined} />
        <div className="ml-auto flex min-w-0 items-center gap-3">
          {children}
          {viewer?.isLoggedIn && <ViewerMenu me={viewer.me} />}
          {viewer?.isLoggedIn === false && (
            <LoginLink className="shrink-0 rounded-lg px-2 py-1.5 text-sm font-semibold text-accent hover:underline">
              Log in
            </LoginLink>
          )}
        </div>
      </div>
    </header>
  );
}
