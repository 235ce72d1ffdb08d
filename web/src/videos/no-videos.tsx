import { Link } from '@tanstack/react-router';
import type { Guild } from '../../../src/http/contract.ts';
import { buttonClass } from '../display/button.tsx';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { useGuilds, useIsConnecting, usePaceOf } from '../guilds/guild-queries.ts';
import { useChosen } from '../guilds/use-chosen.ts';
import { EmptyChannel } from './empty-channel.tsx';
import { Looking } from './looking.tsx';
import { NothingRead } from './nothing-read.tsx';
import type { Scope } from './scope.ts';
import { SkeletonGrid } from './skeleton-grid.tsx';

/** Why the list is empty, and what comes. */
export function NoVideos({ scope }: { scope: Scope }) {
  const isConnecting = useIsConnecting();
  const { data: guilds } = useGuilds();
  const { guild, channel, missing } = useChosen(scope);
  if (guilds === undefined) return <SkeletonGrid label="Loading videos" />;
  if (isConnecting) return <SkeletonGrid label="Connecting to Discord…" isLabelShown />;
  if (missing) return <Missing what={missing} />;
  if (guilds.length === 0) return <NoGuild />;
  if (guild && channel) return <EmptyChannel channel={channel} guild={guild} />;
  if (scope.channel) return <SkeletonGrid label="Loading videos" />;
  return <EmptyGuilds guilds={guild ? [guild] : guilds} />;
}

function EmptyGuilds({ guilds }: { guilds: Guild[] }) {
  const pace = usePaceOf(guilds);
  if (guilds.every(({ readingCount }) => readingCount === 0)) return <NothingRead guilds={guilds} />;
  if (pace === 'starting') return <SkeletonGrid label="Looking for videos…" isLabelShown />;
  if (pace === 'moving') return <Looking />;
  const icon = <FilmIcon className="size-8" />;
  if (guilds.every(({ states }) => states.read === 0)) {
    return (
      <Notice icon={icon} title="Not read yet">
        No history was read here so far. Whoever manages the server can start that in its settings. New videos
        appear by themselves.
      </Notice>
    );
  }
  return (
    <Notice icon={icon} title="No videos here">
      No video was posted in the channels that are read. New ones appear by themselves.
    </Notice>
  );
}

function NoGuild() {
  return (
    <Notice
      icon={<FilmIcon className="size-8" />}
      title="No server yet"
      action={
        <Link to="/install" search={{}} className={buttonClass()}>
          Add Clipdex to a server
        </Link>
      }
    >
      Clipdex is in none of your Discord servers. Where it is, the channels and their videos appear here by
      themselves.
    </Notice>
  );
}

function Missing({ what }: { what: 'guild' | 'channel' }) {
  const noun = what === 'guild' ? 'server' : 'channel';
  return (
    <Notice
      icon={<FilmIcon className="size-8" />}
      title={`There is no such ${noun} here`}
      action={
        <Link to="/" search={{}} className="font-semibold text-accent underline">
          Go to all videos
        </Link>
      }
    >
      The address may be mistyped, or you cannot see the {noun} any more.
    </Notice>
  );
}
