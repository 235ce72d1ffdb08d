import { Link } from '@tanstack/react-router';
import { buttonClass } from '../display/button.tsx';
import { FilmIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { useGuilds, useIsConnecting, usePace } from '../guilds/guild-queries.ts';
import { useChosen } from '../guilds/use-chosen.ts';
import { NothingRead } from './nothing-read.tsx';
import type { Scope } from './scope.ts';
import { SkeletonGrid } from './skeleton-grid.tsx';

/** Why the list is empty, and what comes. */
export function NoVideos({ scope }: { scope: Scope }) {
  const pace = usePace();
  const isConnecting = useIsConnecting();
  const { data: guilds } = useGuilds();
  const { guild, channel, missing } = useChosen(scope);
  const icon = <FilmIcon className="size-8" />;
  if (guilds === undefined) return <SkeletonGrid label="Loading videos" />;
  if (isConnecting) return <SkeletonGrid label="Connecting to Discord…" isLabelShown />;
  if (missing) return <Missing what={missing} />;
  if (guilds.length === 0) return <NoGuild />;
  const shown = guild ? [guild] : guilds;
  if (shown.every(({ readingCount }) => readingCount === 0)) return <NothingRead guilds={shown} />;
  if (pace === 'starting') return <SkeletonGrid label="Looking for videos…" isLabelShown />;
  if (pace === 'moving') {
    return (
      <Notice icon={icon} title="Looking for videos">
        The history is being read. Videos appear here as soon as they are found.
      </Notice>
    );
  }
  if (channel?.state === 'unread') {
    return (
      <Notice icon={icon} title="Not read yet">
        The history of this channel was not read: the bot may lack the permission View Channel or Read Message
        History there. New videos appear by themselves where it sees the channel.
      </Notice>
    );
  }
  if (channel?.state === 'failed') {
    return (
      <Notice icon={icon} title="Its history could not be read">
        So nobody knows yet whether there are videos in this channel. Why it failed is told above, under
        “could not be read”.
      </Notice>
    );
  }
  return (
    <Notice icon={icon} title="No videos here">
      {scope.channel
        ? 'No video was posted in this channel.'
        : 'No video was posted in the channels that are read.'}{' '}
      New ones appear by themselves.
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
