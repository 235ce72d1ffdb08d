import { Outlet, useMatch } from '@tanstack/react-router';
import { useState } from 'react';
import { ChannelCoverage } from '../coverage/channel-coverage.tsx';
import { LibraryNav } from '../guilds/library-nav.tsx';
import { NavToggle } from '../guilds/nav-toggle.tsx';
import { chosenName, useChosen } from '../guilds/use-chosen.ts';
import { RunStrip } from '../runs/run-strip.tsx';
import { useScope } from '../videos/scope.ts';
import { VideoList } from '../videos/video-list.tsx';
import { Header } from './header.tsx';
import { SkipLink } from './skip-link.tsx';
import { Unreachable } from './unreachable.tsx';
import { useDocumentTitle } from './use-document-title.ts';

/** The first room: guilds and channels beside, runs above, videos; an open player lies over it. */
export function LibraryPage() {
  const scope = useScope();
  const chosen = useChosen(scope);
  const isPlayerOpen =
    useMatch({ from: '/viewer/library/videos/$videoId', shouldThrow: false }) !== undefined;
  useDocumentTitle(isPlayerOpen ? null : [chosen.channel ? chosenName(chosen) : null, chosen.guild?.name]);
  const [isNavOpen, setIsNavOpen] = useState(false);
  return (
    <>
      <SkipLink to="videos">Skip to videos</SkipLink>
      <Header>
        <NavToggle
          chosenName={chosenName(chosen)}
          isOpen={isNavOpen}
          onToggle={() => setIsNavOpen(!isNavOpen)}
        />
      </Header>
      <Unreachable />
      <div className="mx-auto flex max-w-[110rem] flex-col gap-5 px-4 pt-4 pb-16 sm:px-6 lg:flex-row lg:gap-8">
        <nav
          id="library-nav"
          aria-label="Servers and channels"
          className={`${isNavOpen ? 'block' : 'hidden'} lg:sticky lg:top-18 lg:block lg:max-h-[calc(100dvh-5.5rem)] lg:w-60 lg:shrink-0 lg:self-start lg:overflow-y-auto lg:pr-1`}
        >
          <LibraryNav onChoose={() => setIsNavOpen(false)} />
        </nav>
        <main id="videos" tabIndex={-1} className="min-w-0 grow outline-none">
          <h1 className="sr-only">{chosenName(chosen) ?? 'All videos'}</h1>
          <RunStrip guildId={scope.guild} />
          {chosen.channel?.state && <ChannelCoverage key={chosen.channel.id} channel={chosen.channel} />}
          {/* Another scope is another list: it starts at its top, with nothing of the old one. */}
          <VideoList key={`${scope.guild}/${scope.channel}`} scope={scope} />
        </main>
      </div>
      <Outlet />
    </>
  );
}
