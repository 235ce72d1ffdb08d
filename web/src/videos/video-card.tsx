import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Video } from '../../../src/http/contract.ts';
import { authorName, channelName, formatDuration, providerName, videoTitle } from '../display/format.ts';
import { PostedAt } from './posted-at.tsx';
import { Poster } from './poster.tsx';
import { useScope } from './scope.ts';
import { UnconfirmedMark } from './unconfirmed-mark.tsx';
import { coverWords, useCover } from './use-cover.ts';

/** One video in the list: its still, what it is called, and where it comes from. */
export function VideoCard({ video }: { video: Video }) {
  const scope = useScope();
  const cover = useCover(video);
  const [hasAsked, setHasAsked] = useState(false);
  const isRevealed = cover === null || hasAsked;
  return (
    <article className="group relative">
      <Link
        to="/videos/$videoId"
        params={{ videoId: video.id }}
        search={scope}
        state={{ isFromList: true, cursor: video.cursor, isUncovered: isRevealed }}
        data-video-card={video.cursor}
        className="block rounded-xl focus-visible:outline-offset-4"
      >
        <div className="relative aspect-video overflow-hidden rounded-xl bg-raised ring-1 ring-line">
          <Poster video={video} isBlurred={!isRevealed} />
          <div className="absolute right-2 bottom-2 flex gap-1.5 text-xs font-semibold text-white">
            {!video.isConfirmed && <UnconfirmedMark className="rounded bg-black/75 px-1.5 py-0.5" />}
            {kindOf(video) && (
              <span className="max-w-40 truncate rounded bg-black/75 px-1.5 py-0.5">{kindOf(video)}</span>
            )}
            {video.durationSecs !== null && (
              <span className="rounded bg-black/75 px-1.5 py-0.5 tabular-nums">
                <span className="sr-only">Length </span>
                {formatDuration(video.durationSecs)}
              </span>
            )}
          </div>
        </div>
        <h3 className="mt-2.5 truncate font-semibold group-hover:text-accent" title={videoTitle(video)}>
          {videoTitle(video)}
        </h3>
        <p className="mt-0.5 truncate text-sm text-muted">
          {authorName(video)} · #{channelName(video.channelName)}
        </p>
        <p className="truncate text-sm text-muted">
          <PostedAt at={video.postedAt} />
          {scope.guild === undefined && ` · ${video.guildName}`}
        </p>
        {video.caption && (
          <p className="mt-1 line-clamp-2 text-sm break-words text-ink/85">{video.caption}</p>
        )}
      </Link>
      {cover && !isRevealed && (
        <button
          type="button"
          onClick={() => setHasAsked(true)}
          aria-label={`Show the ${coverWords[cover].noun} ${videoTitle(video)}`}
          className="absolute inset-x-0 top-0 grid aspect-video place-items-center rounded-xl"
        >
          <span className="rounded-full bg-black/75 px-3.5 py-1.5 text-xs font-bold tracking-wide text-white uppercase">
            {coverWords[cover].mark}
          </span>
        </button>
      )}
    </article>
  );
}

/** What sets it apart from a file that somebody uploaded. */
function kindOf(video: Video): string | null {
  if (video.isClip) return 'Clip';
  if (video.isGif) return 'GIF';
  return video.hasFile ? null : providerName(video);
}
