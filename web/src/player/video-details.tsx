import { Link } from '@tanstack/react-router';
import type { Video } from '../../../src/http/contract.ts';
import { authorName, channelName, formatDuration, formatSize, providerName } from '../display/format.ts';
import { ExternalIcon } from '../display/icons.tsx';
import { useInstance } from '../page/instance-query.ts';
import { PostedAt } from '../videos/posted-at.tsx';
import { UnconfirmedMark } from '../videos/unconfirmed-mark.tsx';
import { ClipDetails } from './clip-details.tsx';

export function VideoDetails({ video }: { video: Video }) {
  const isOnDiscord = useInstance()?.isSandbox === false;
  return (
    <div className="flex flex-col gap-3 px-4 py-4 sm:px-5">
      {video.caption && (
        <p className="max-w-prose text-pretty break-words whitespace-pre-wrap">{video.caption}</p>
      )}
      {video.clip && <ClipDetails clip={video.clip} />}
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
        <span className="font-semibold">{authorName(video)}</span>
        <Link
          to="/"
          search={{ guild: video.guildId, channel: video.channelId }}
          className="rounded text-accent underline-offset-2 hover:underline"
        >
          #{channelName(video.channelName)}
        </Link>
        <span className="text-muted">{video.guildName}</span>
        <span className="text-muted">
          <PostedAt at={video.postedAt} />
        </span>
        {!video.isConfirmed && <UnconfirmedMark className="rounded border border-line px-1.5 text-muted" />}
        <span className="ml-auto flex flex-wrap gap-x-4 gap-y-1">
          {video.pageUrl && <OpenOn name={providerName(video)} url={video.pageUrl} />}
          {isOnDiscord && <OpenOn name="Discord" url={video.messageUrl} />}
        </span>
      </div>
      <p className="text-xs break-all text-muted">{facts(video).join(' · ')}</p>
    </div>
  );
}

function OpenOn({ name, url }: { name: string; url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      className="flex items-center gap-1.5 rounded font-medium text-accent underline-offset-2 hover:underline"
    >
      Open on {name}
      <ExternalIcon className="size-4" />
    </a>
  );
}

function facts(video: Video): string[] {
  return [
    video.hasFile ? video.filename : null,
    video.isGif ? 'GIF' : null,
    video.durationSecs === null ? null : formatDuration(video.durationSecs),
    video.width && video.height ? `${video.width} × ${video.height}` : null,
    video.sizeBytes === null ? null : formatSize(video.sizeBytes),
    video.source === 'forward' ? 'forwarded' : null,
  ].filter((fact) => fact !== null);
}
